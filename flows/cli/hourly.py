"""Commands of the hours around a daily run: poll, refresh, grade, retrain, health."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.app import (
    DEFAULT_ROWS,
    Quiet,
    app,
    new_reporter,
    out,
    say_loads,
    say_total,
    settings_of,
)

if TYPE_CHECKING:
    from datetime import date as Date

    from flows.clock import Clock
    from flows.daily import DailyResult
    from flows.progress import Reporter

Day = Annotated[
    str | None, typer.Option("--date", metavar="DATE", help="Day of the slate; default today.")
]


@app.command()
def poll(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="WHAT", help="lines or injuries.")],
    date: Day = None,
    quiet: Quiet = False,
) -> None:
    """Load lines or injuries as they are now, and say who is touched.

    Builds nothing and forecasts nobody: `refresh` does, for those who are touched.
    """
    from flows.polls import run_poll
    from flows.world import providers

    reporter = new_reporter(quiet)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        day = _day(date, clock)
        found = run_poll(settings, what=what, game_date=day, clock=clock, reporter=reporter)
    say_loads(reporter, found.loads)
    out().print("\n".join(found.players) or "nothing new", soft_wrap=True)
    say_total(reporter, found.run_id)


@app.command()
def refresh(ctx: typer.Context, date: Day = None, quiet: Quiet = False) -> None:
    """Forecast anew whom news has touched since he was forecast.

    Loads nothing. Where nobody is touched, nothing is built or published.
    """
    from flows import render
    from flows.refresh import run_refresh
    from flows.world import providers

    reporter = new_reporter(quiet)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        day = _day(date, clock)
        result = run_refresh(settings, game_date=day, clock=clock, reporter=reporter)
    _say(reporter, result)
    if result.forecasts:
        out().print(render.slate(settings, limit=DEFAULT_ROWS))


@app.command()
def grade(ctx: typer.Context, date: Day = None, quiet: Quiet = False) -> None:
    """Load what has finished, grade it and publish; forecast nobody."""
    from flows.daily import run_grading
    from flows.world import providers

    reporter = new_reporter(quiet)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        day = _day(date, clock)
        result = run_grading(settings, game_date=day, clock=clock, reporter=reporter)
    say_loads(reporter, result.loads)
    _say(reporter, result)


@app.command()
def retrain(
    ctx: typer.Context,
    train: Annotated[
        str,
        typer.Option(metavar="WHEN", help="always, due (a week old), or missing."),
    ] = "always",
    quiet: Quiet = False,
) -> None:
    """Train the models of all markets on what is built by now."""
    from flows.retrain import run_retraining
    from flows.world import providers

    reporter = new_reporter(quiet)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        result = run_retraining(settings, train=train, clock=clock, reporter=reporter)
    out().print(
        f"{result.trained} of {len(result.model_versions)} models trained: "
        f"{', '.join(result.model_versions)}",
        soft_wrap=True,
    )
    say_total(reporter, result.run_id)


def _day(given: str | None, clock: Clock) -> Date:
    """The day that was asked for; by default today, Eastern."""
    from flows.clock import eastern_date, parse_date

    return parse_date(given) if given else eastern_date(clock())


def _say(reporter: Reporter, result: DailyResult) -> None:
    what = result.reason or f"{result.forecasts} forecasts of {result.slate_rows} players"
    reporter.say(f"\n{result.game_date}, as of {result.as_of:%Y-%m-%dT%H:%M:%SZ}: {what}")
    say_total(reporter, result.run_id)
