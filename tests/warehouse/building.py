"""Builds the home of argument one as of argument two, a line a node: there to be killed."""

import sys
from datetime import datetime
from pathlib import Path

from flows.dbt_runner import DbtRunner
from flows.progress import SilentReporter
from loaders.settings import Settings


class NodeLines(SilentReporter):
    """A line a node: status, name."""

    def node(self, name: str, status: str, *rest: object) -> None:
        """Print it at once."""
        print(status, name, flush=True)


if __name__ == "__main__":
    DbtRunner(Settings(home=Path(sys.argv[1])), reporter=NodeLines()).build(
        selector="features", vars={"as_of": datetime.fromisoformat(sys.argv[2]).isoformat()}
    )
