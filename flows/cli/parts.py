"""Commands that do one part of a run: load; and those that go on until ^C: sandbox, serve."""

from __future__ import annotations

from typing import Annotated

import typer

from flows import defaults
from flows.cli.app import (
    ArchivePath,
    FreeTier,
    From,
    To,
    app,
    new_reporter,
    out,
    say_loads,
    settings_of,
)


@app.command()
def load(
    ctx: typer.Context,
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help=f"{', '.join(defaults.SOURCES)}.")
    ],
    start: From,
    end: To,
    path: ArchivePath = None,
    free_tier: FreeTier = False,
) -> None:
    """Load game dates from one source, and nothing else.

    The sources are asked for what they hold now: balldontlie also for rosters and injuries,
    odds_api for the prices that stand. Prices of the past come by `backfill --source odds_api`.
    """
    from flows import clock as clocks
    from flows.backfill_sources import load_now
    from flows.world import providers

    first, last = clocks.parse_range(start, end)
    reporter = new_reporter(quiet=True)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        outcomes = load_now(
            settings,
            source=source,
            start=first,
            end=last,
            path=path,
            clock=clock,
            reporter=reporter,
            free_tier=free_tier,
        )
    say_loads(reporter, outcomes)


@app.command()
def sandbox(
    now: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="What its clock says at the start.")
    ] = None,
) -> None:
    """Serve the simulated league on this machine until ^C."""
    from flows import clock as clocks
    from flows.world import serve_sandbox

    start = None if now is None else clocks.parse_instant(now, "--now")
    serve_sandbox(settings_of("sandbox"), start, out())


@app.command()
def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="Port of the server's page, on this machine.")] = 4200,
    sandbox_now: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Target sandbox: what its clock says at the start."),
    ] = None,
) -> None:
    """Run all of it by schedule and by news until ^C.

    Starts a Prefect server on this machine and the process that runs what is due. With --target
    sandbox it serves the simulated league, too, and needs no key. docs/scheduling.md says what
    runs when.
    """
    from flows import clock as clocks
    from flows.serving import serve as serve_deployments

    start = None if sandbox_now is None else clocks.parse_instant(sandbox_now, "--sandbox-now")
    serve_deployments(settings_of(ctx.obj), port=port, console=out(), sandbox_now=start)
