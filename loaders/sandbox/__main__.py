"""`python -m loaders.sandbox --date 2026-01-15 --port 0`: serve until interrupted."""

from __future__ import annotations

import contextlib
import threading
from datetime import datetime
from typing import Annotated

import typer

from .clock import EASTERN
from .league import DEFAULT_SEED
from .server import BALLDONTLIE_KEY, ODDS_API_KEY, Sandbox


def serve(
    date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Eastern day to serve.")],
    time: Annotated[str, typer.Option(help="Eastern time of day, HH:MM.")] = "12:00",
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    seed: Annotated[int, typer.Option(help="Another seed is another league.")] = DEFAULT_SEED,
    frozen: Annotated[bool, typer.Option(help="Let the clock stand still.")] = False,
) -> None:
    """Serve the simulated league on the loopback and print where."""
    hour, _, minute = time.partition(":")
    now = date.replace(hour=int(hour), minute=int(minute or 0), tzinfo=EASTERN)
    with Sandbox(now, seed, port=port, ticking=not frozen) as sandbox:
        print(sandbox.url, flush=True)
        print(f"clock {sandbox.clock():%Y-%m-%dT%H:%M:%SZ}", flush=True)
        print(f"keys  {BALLDONTLIE_KEY}  {ODDS_API_KEY}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    typer.run(serve)
