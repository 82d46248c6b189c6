"""Live runs by their mode: overnight, same_day or tomorrow; with a wait for their sources first."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows import warehouse
from flows.clock import Clock, plan, utc_now
from flows.daily import DAILY, SAME_DAY, DailyResult, run_daily
from flows.dbt_runner import DbtRunner
from flows.progress import Reporter, SilentReporter
from flows.sources import wait_for_sources
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.settings import Settings


def run_in_mode(
    settings: Settings,
    *,
    mode: str,
    waits: bool = False,
    since: datetime | None = None,
    clock: Clock = utc_now,
    sleep: Callable[[float], None] = time.sleep,
    reporter: Reporter | None = None,
    trigger: Trigger = Trigger(),
    dbt: DbtRunner | None = None,
    writing: warehouse.Writing = warehouse.writing,
    **how: Any,
) -> DailyResult:
    """Load what the mode loads and forecast its slate, as `run_daily` does; `how` goes to it.

    waits: load until enough of the sources are there, before the run, which then loads nothing
        itself; what it goes without stands in its row of the ledger.
    since: instant the day and the wait count from: a deployment's scheduled start; default now.

    Raises:
        ArgumentError: no such mode.
        SourceMissing: a required source did not come in time.
        Whatever a step raises.
    """
    began = since or clock()
    planned = plan(mode, began)
    reporter = reporter or SilentReporter()
    shared: dict[str, Any] = {"clock": clock, "reporter": reporter, "trigger": trigger}
    shared |= {"writing": writing, "dbt": dbt or DbtRunner(settings)}
    if waits:
        waited = wait_for_sources(
            settings, game_date=planned.game_date, mode=mode, sleep=sleep, since=began, **shared
        )
        how |= {"loads": False, "without": waited.without}
    return run_daily(
        settings,
        game_date=planned.game_date,
        work=DAILY if planned.loads_results else SAME_DAY,
        mode=mode,
        **shared,
        **how,
    )
