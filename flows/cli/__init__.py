"""The command `nba-props`. Heavy libraries are imported inside the commands that need them."""

from __future__ import annotations

import sys

from rich.console import Console

from flows.cli import (
    doing,
    evaluating,
    files,
    gates,
    hourly,
    looking,
    models,
    own_bets,
    parts,
    tracing,
    upkeep,
)
from flows.cli.app import app
from flows.errors import FlowError

# Imported in the order in which the manual page lists their commands.
__all__ = ["app", "doing", "evaluating", "files", "gates", "hourly", "looking", "main"]
__all__ += ["models", "own_bets", "parts", "tracing", "upkeep"]


def main() -> None:
    """Entry point: what we raise on purpose is one red line, anything else shows its trace."""
    from flows.forecasting.errors import ForecastingError
    from loaders.errors import LoadError, WarehouseError

    try:
        app(prog_name="nba-props")
    except (FlowError, LoadError, ForecastingError, WarehouseError) as error:
        console = Console(stderr=True, highlight=False)
        console.print("[bold red]error:[/] ", end="")
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
