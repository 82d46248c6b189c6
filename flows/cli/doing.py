"""Commands that make something: demo, daily, backfill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from flows import defaults
from flows.cli.app import (
    DEFAULT_ROWS,
    ArchivePath,
    FreeTier,
    From,
    Gates,
    InformationSet,
    Quiet,
    To,
    app,
    new_reporter,
    out,
    say_gates,
    say_loads,
    say_total,
    settings_of,
)
from flows.errors import ArgumentError

if TYPE_CHECKING:
    from flows.daily import DailyResult
    from flows.progress import Reporter


@app.command()
def demo(
    ctx: typer.Context,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every dbt node.")] = False,
) -> None:
    """Run everything once, in a league simulated on this machine.

    Loads a year of box scores and some days of prices over HTTP, forecasts yesterday evening and
    then today, prints today's slate, and generates the docs. A second run loads the last days only.
    """
    from flows import render
    from flows.demo import run_demo
    from loaders.engines import engine

    settings = engine(settings_of(ctx.obj)).simulated()
    made = engine(settings)
    reporter = new_reporter(quiet=not verbose)
    result = run_demo(settings, reporter)
    console = out()
    console.print()
    console.print(render.slate(settings, limit=DEFAULT_ROWS))
    console.print(
        f"""
[bold]Where things are[/]
  warehouse        {made.place}
  published copy   {made.published_place}
  report           {result.report}
  files            {result.today.files_place or "not written"}
  docs             {result.docs}
  this run         {settings.runs_dir / (result.today.run_id or "")}

[bold]What to try next[/]
  export {made.chosen_by}
  nba-props slate --all
  nba-props sql "select * from reports.todays_slate limit 5"
  nba-props daily --date {result.today.game_date} --skip-loads
  dbt build --select marts.team_summaries+
""",
        soft_wrap=True,
    )


@app.command()
def daily(
    ctx: typer.Context,
    date: Annotated[
        str | None, typer.Option(metavar="DATE", help="Day of the slate; default today, Eastern.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Replay from this instant: 2024-04-05T22:15:00Z."),
    ] = None,
    information_set: InformationSet = None,
    skip_loads: Annotated[
        bool, typer.Option("--skip-loads", help="Use what is loaded already; needs no key.")
    ] = False,
    mode: Annotated[
        str | None,
        typer.Option(metavar="MODE", help="overnight, same_day or tomorrow; says the day too."),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Load until enough sources are there; at most 4 h.")
    ] = False,
    players: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMES", help="Forecast only these; repeatable, or with commas."),
    ] = None,
    free_tier: FreeTier = False,
    sandbox_now: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Target sandbox: what its clock says at the start."),
    ] = None,
    gates: Gates = "error",
    prefect: Annotated[
        bool, typer.Option("--prefect", help="As a Prefect flow, with a task run a step.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Load, build the features, forecast the slate, grade, publish.

    For today or a later day the run is live: it loads first, and speaks from the end of its loads.
    A past day, or an instant given by --as-of, makes a replay: it loads nothing, and knows only
    what was known 45 minutes before the day's first tip-off, or at that instant. On a day without
    games it says so, grades what has finished, and ends well.

    Modes are live: overnight takes today's slate and loads all; same_day takes today's and loads
    injuries and prices only; tomorrow takes tomorrow's and loads all. --wait waits for the sources
    of its mode (overnight, unless told) and fails where a required one does not come.
    --players leaves what was forecast of the others as it is.
    """
    from flows import clock as clocks
    from flows import players as naming
    from flows import render
    from flows.world import providers

    settings = settings_of(ctx.obj)
    day = None if date is None else clocks.parse_date(date)
    instant = None if as_of is None else clocks.parse_instant(as_of)
    start = None if sandbox_now is None else clocks.parse_instant(sandbox_now, "--sandbox-now")
    reporter = new_reporter(quiet)
    if wait:
        mode = mode or clocks.OVERNIGHT
        refuse_beside("--wait", **{"--skip-loads": skip_loads, "--free-tier": free_tier})
    if mode is not None:
        refuse_beside(
            "--mode and --wait", **{"--date": date, "--as-of": as_of, "--prefect": prefect}
        )
        clocks.plan(mode, clocks.utc_now())
    names = naming.split_names(players)
    if names:
        refuse_beside("--players", **{"--prefect": prefect})
    say_gates(reporter, gates)
    if prefect:
        from flows.prefect_flows import daily as daily_flow

        daily_flow(day, instant, settings.target, information_set, skip_loads, gates)
        out().print(render.slate(settings, limit=DEFAULT_ROWS))
        return
    from flows.daily import run_daily
    from flows.modes import run_in_mode

    how = {
        "information_set": information_set,
        "loads": not skip_loads,
        "free_tier": free_tier,
        "reporter": reporter,
        "severity": gates,
    }
    with providers(settings, sandbox_now=start) as (reachable, clock):
        asked = clocks.decide(game_date=day, as_of=instant, now=clock())
        slate = asked.game_date if mode is None else clocks.plan(mode, clock()).game_date
        if names:
            found = naming.find_on_slate(reachable, names, game_date=slate)
            how["players"] = [one.player_id for one in found]
        if mode is None:
            result = run_daily(
                reachable,
                game_date=asked.game_date,
                as_of=asked.as_of,
                run_mode=asked.run_mode,
                clock=clock,
                **how,
            )
        else:
            result = run_in_mode(reachable, mode=mode, waits=wait, clock=clock, **how)
    _say_daily(reporter, result)
    if result.reason is None:
        out().print(render.slate(settings, limit=DEFAULT_ROWS))


@app.command()
def backfill(
    ctx: typer.Context,
    start: From,
    end: To,
    reason: Annotated[
        str, typer.Option(metavar="TEXT", help="Why; kept in the ledger.", show_default=False)
    ],
    source: Annotated[
        str | None,
        typer.Option(metavar="NAME", help=f"{', '.join(defaults.SOURCES)}; default archive."),
    ] = None,
    path: ArchivePath = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="INSTANT", help="Instant the features speak from; default now."),
    ] = None,
    load_only: Annotated[
        bool, typer.Option("--load-only", help="Build nothing afterwards.")
    ] = False,
    rebuild_only: Annotated[
        bool,
        typer.Option("--rebuild-only", help="Load nothing; make the features of the range anew."),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Begin anew; do not continue an unfinished one.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look whether it would get through, and stop.")
    ] = False,
    gates: Gates = "error",
    quiet: Quiet = False,
) -> None:
    """Load a range of game dates and build the feature store.

    Forecasts nothing and publishes nothing. Loading a range again changes nothing. Stopped, killed
    or failed, the same command goes on at the first date that is not done; it ends well only when
    every game date is accounted for. What it may cost is looked at before the first request.
    """
    from flows import clock as clocks
    from flows import render_backfill
    from flows.backfill import run_backfill
    from flows.world import providers

    first, last = clocks.parse_range(start, end)
    instant = None if as_of is None else clocks.parse_instant(as_of)
    reporter = new_reporter(quiet)
    say_gates(reporter, gates)
    with providers(settings_of(ctx.obj)) as (settings, clock):
        result = run_backfill(
            settings,
            source=source or (None if rebuild_only else "archive"),
            start=first,
            end=last,
            path=path,
            as_of=instant,
            load=not rebuild_only,
            build=not load_only,
            again=again,
            dry_run=dry_run,
            clock=clock,
            reporter=reporter,
            reason=reason,
            severity=gates,
        )
    if dry_run:
        return
    say_loads(reporter, result.loads)
    reporter.say(render_backfill.summary(result))
    say_total(reporter, result.run_id)


def refuse_beside(option: str, **others: object) -> None:
    """Options that contradict one another are refused before anything is done.

    Raises:
        ArgumentError: naming the first of `others` that is given.
    """
    if given := [name for name, value in others.items() if value]:
        raise ArgumentError(f"{option} cannot go with {given[0]}: leave one of them out")


def _say_daily(reporter: Reporter, result: DailyResult) -> None:
    if result.loads:
        say_loads(reporter, result.loads)
    what = result.reason or (
        f"{result.forecasts} forecasts of {result.slate_rows} players in {result.games} games"
    )
    reporter.say(
        f"\n{result.game_date} ({result.run_mode}, {result.information_set}, "
        f"as of {result.as_of:%Y-%m-%dT%H:%M:%SZ}): {what}"
    )
    if result.model_versions:
        reporter.say(f"models trained now: {', '.join(result.trained) or 'none'}")
    say_total(reporter, result.run_id)
