"""`python -m flows.cli` is `nba-props`."""

from flows.cli import main

main()
