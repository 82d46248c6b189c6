"""The whole way in the simulated league: history over HTTP, two live days, today's slate, pages.

A second run loads the last days only: what is loaded stays loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import defaults, steps, warehouse
from flows.backfill import run_backfill
from flows.clock import LIVE, eastern_date, eastern_instant
from flows.daily import DailyResult, run_daily
from flows.dbt_runner import DbtRunner
from flows.report.pages import write_report
from flows.trigger import DEMO, Trigger
from flows.world import providers
from loaders.engines import engine

if TYPE_CHECKING:
    from flows.clock import Clock
    from flows.progress import Reporter
    from loaders.settings import Settings

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DemoResult:
    """What the demo made, and where it lies."""

    today: DailyResult
    docs: Path
    report: Path


def run_demo(settings: Settings, reporter: Reporter) -> DemoResult:
    """Fill the sandbox's warehouse, forecast yesterday and today, generate the docs."""
    settings = engine(settings).simulated()
    today = eastern_date(defaults.SANDBOX_NOW)
    yesterday = today - DAY
    evening = eastern_instant(yesterday, defaults.DEMO_EVENING)
    dbt = DbtRunner(settings, reporter=reporter)
    with providers(settings, sandbox_now=evening) as (reachable, clock):
        if not _has_run(settings, "daily", yesterday):
            _load_history(reachable, yesterday, clock, reporter)
            _daily(reachable, yesterday, clock, reporter, dbt)
        # A clock never goes back: the second run of the demo goes on where the first one stopped.
        clock.move_to(max(defaults.SANDBOX_NOW, _last_seen_at(settings) or evening))
        result = _daily(reachable, today, clock, reporter, dbt)
    with reporter.step("generate docs"):
        docs = steps.docs(settings, dbt)
    with reporter.step("write the report"):
        report = write_report(settings)
    return DemoResult(result, docs, report)


def _load_history(settings: Settings, before: date, clock: Clock, reporter: Reporter) -> None:
    start, end = before - defaults.DEMO_HISTORY, before - DAY
    for source, first in (("balldontlie", start), ("odds_api", before - defaults.DEMO_PRICED_DAYS)):
        loaded_to = _loaded_to(settings, source, first)
        run_backfill(
            settings,
            source=source,
            start=first if loaded_to is None else min(end, loaded_to - defaults.DEMO_OVERLAP),
            end=end,
            build=False,
            # one batch: nobody else waits for the demo's warehouse
            window=defaults.DEMO_HISTORY,
            clock=clock,
            reporter=reporter,
            trigger=Trigger(DEMO),
            reason=source,
        )


def _daily(
    settings: Settings, day: date, clock: Clock, reporter: Reporter, dbt: DbtRunner
) -> DailyResult:
    reporter.say(f"\n[bold]{day:%A, %d %B %Y}[/], {clock():%H:%M} UTC in the sandbox")
    return run_daily(
        settings,
        game_date=day,
        as_of=None,
        run_mode=LIVE,
        clock=clock,
        reporter=reporter,
        trigger=Trigger(DEMO),
        dbt=dbt,
    )


def _has_run(settings: Settings, command: str, day: date) -> bool:
    found = _ledger_value(
        settings,
        "count(*)",
        """
        status = 'completed' and command = ? and game_date_from = ? and game_date_to = ?
        """,
        [command, day, day],
    )
    return bool(found)


def _loaded_to(settings: Settings, source: str, first: date) -> date | None:
    return _ledger_value(
        settings,
        "max(game_date_to)",
        """
        status = 'completed' and command = 'backfill'
        and reason = ? and game_date_from <= ?
        """,
        [source, first],
    )


def _last_seen_at(settings: Settings) -> datetime | None:
    return _ledger_value(settings, "max(coalesce(finished_at, started_at))", "true", [])


def _ledger_value(settings: Settings, what: str, where: str, parameters: list) -> Any:
    """One value over the runs of this warehouse; None before the first."""
    if not warehouse.relation_exists(settings, "raw_runs.runs"):
        return None
    rows = warehouse.query(
        settings, f"select {what} as found from raw_runs.runs where {where}", parameters
    )
    return rows.column("found")[0].as_py()
