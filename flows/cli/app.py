"""The command's manual page, and what its commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from flows.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flows.progress import Reporter
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

DESCRIPTION = """
Forecasts NBA player props: points, rebounds, assists and threes of every player on the slate, each
as a distribution, set against the bookmakers' line and price.

A day goes: load what the providers have, build the features with dbt, train or reuse a model,
forecast, grade what has finished, publish. `daily` does all of it; the other commands do parts of
it, or show what came out. Every run speaks from one instant, its as-of: it knows what was known
before that, and nothing else.
"""
EPILOG = """
Examples:

\b
  nba-props demo
      a simulated league on this machine; needs no key
  nba-props backfill --source archive --path DATA --from 2022-10-01 --to 2025-06-30 --reason history
      three seasons from Parquet files
  nba-props daily
      today, live; needs both keys
  nba-props daily --date 2024-04-05
      a past day, as it could have been forecast then
  nba-props daily --mode overnight --wait
      the same, once enough of its sources are there
  nba-props slate --market points
      what is published
  nba-props predict --player "NAME" --market points --line 24.5 --price -110
      what the forecast says of a line and price of your own
  nba-props report
      pages to look at: tonight, players, games, the record, health
  nba-props sql "select * from reports.todays_slate"
      anything else that is published
  nba-props serve
      let everything run by itself until ^C
  nba-props doctor
      what needs a hand, and what to do

Environment:

\b
  BALLDONTLIE_API_KEY   key for schedule, box scores, rosters, injuries
  ODDS_API_KEY          key for prices
  NBA_PROPS_SOURCES     whom live runs ask, in order; default balldontlie,odds_api;
                        docs/sources.md has espn and nba_com
  NBA_ACCEPT_ESPN_TERMS 1: ESPN may be asked; loaders/espn/README.md
  NBA_ACCEPT_NBACOM_TERMS
                        1: NBA.com may be asked; loaders/nba_com/README.md
  NBA_PROPS_HOME        where all that is made lies; default .nba_props in the project
  NBA_PROPS_TARGET      duckdb (default), sandbox or bigquery
  NBA_PROPS_SANDBOX_URL a simulated league that is served already (target sandbox)
  NBA_PROPS_ALERT_WEBHOOK
                        URL that alarms are sent to; docs/alarms.md
  NBA_PROPS_BIGQUERY_PROJECT
                        project of the target bigquery; profiles.yml.example has the rest
  NBA_PROPS_KEEP_PRICES_DAYS
                        and others, see prune --help: what it may delete

Files, in NBA_PROPS_HOME:

\b
  warehouse.duckdb            what runs write; locked while one does
  warehouse_published.duckdb  what people read; replaced whole at the end of a run
                              (on bigquery: datasets published_marts and published_reports)
  publish/TARGET/v1/          the same as files, for other programs: JSON and Parquet
  backups/                    what `backup` made, a folder each
  runs/RUN_ID/                dbt's results and manifest of each build of a run
  report/TARGET/index.html    what `report` wrote, to be opened in a browser
  docs/index.html             documentation of every model and column

Exit status: 0 done (also on a day without games), 1 failed (doctor: something needs a hand),
2 wrong usage.
"""

app = typer.Typer(
    name="nba-props",
    help=DESCRIPTION,
    epilog=EPILOG,
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
    # A trace with local variables would print keys.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

DEFAULT_ROWS = 40
# A pipe has no width; a table that is cut in a file is of no use.
WIDTH_OF_A_PIPE = 200

From = Annotated[str, typer.Option("--from", metavar="DATE", help="First game date (Eastern).")]
To = Annotated[str, typer.Option("--to", metavar="DATE", help="Last game date (Eastern).")]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", "-q", help="Show no dbt node that ended well.", show_default=False),
]
FreeTier = Annotated[
    bool,
    typer.Option("--free-tier", help="balldontlie's free tier: load its schedule only."),
]
ArchivePath = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="The archive: folder with seasons/, props/ …; bettingpros: its files.",
    ),
]
Gates = Annotated[
    str,
    typer.Option(metavar="WHAT", help="error: what fails a gate blocks; warn: it is only said."),
]
InformationSet = Annotated[
    str | None,
    typer.Option(metavar="SET", help="BASE, TIP or LINE: which news the features may know."),
]


@app.callback()
def options(
    ctx: typer.Context,
    target: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Warehouse: duckdb, sandbox or bigquery."),
    ] = None,
) -> None:
    """Take the options that stand before the command."""
    ctx.obj = target


def settings_of(target: str | None) -> Settings:
    """The environment's settings, for the target that was asked for."""
    from typing import get_args

    from pydantic import ValidationError

    from loaders.settings import Target, get_settings

    try:
        settings = get_settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()
        )
        raise ArgumentError(f"a setting cannot be read: {wrong}") from None
    if target is None:
        return settings
    if target not in get_args(Target):
        raise ArgumentError(f"--target {target!r} is none of {', '.join(get_args(Target))}")
    return settings.for_target(target)


def out() -> Console:
    """Standard output; wide where it is a file or a pipe."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_OF_A_PIPE)


def new_reporter(quiet: bool) -> Reporter:
    """What shows the steps; quiet: without the dbt nodes that ended well."""
    from flows.progress import Reporter

    return Reporter(verbose=not quiet)


def say_loads(reporter: Reporter, outcomes: Sequence[LoadOutcome]) -> None:
    """What the loads brought, by source and resource."""
    from flows import render

    reporter.console.print(render.loads(outcomes))


def say_gates(reporter: Reporter, severity: str) -> None:
    """Aloud, before a run whose gates do not block."""
    if severity != "error":
        reporter.say("[bold yellow]gates only warn[/]: this run builds and publishes past them")


def say_total(reporter: Reporter, run_id: str) -> None:
    """Which run it was, and how long it took."""
    reporter.say(f"[dim]run {run_id}, {sum(reporter.seconds.values()):.1f} s in all[/]\n")
