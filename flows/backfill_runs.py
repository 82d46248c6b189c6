"""The runs of a backfill: one a batch of game dates, and one that builds.

Each is the one writer of the warehouse while it goes on, and lets it go before the next.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from flows import backfill_ledger as ledger
from flows import defaults, gates, runs, steps, warehouse
from flows.audit.tables import BACKFILL_DATES
from flows.backfill_ledger import BackfillDate, Request
from flows.backfill_sources import PRICES, held, load_days
from flows.clock import LIVE, REPLAY, Clock
from flows.daily import Stepper
from flows.dbt_runner import BuildResult, DbtRunner
from flows.progress import Reporter
from flows.trigger import Trigger
from loaders.errors import SourceResting, TransientError, WarehouseUnreachable

if TYPE_CHECKING:
    from loaders.pipeline import LoadOutcome
    from loaders.settings import Settings

# The provider or the network may be back in a minute; everything else needs a hand.
PASSING = (TransientError, WarehouseUnreachable)
DONE_ELSEWHERE = "another run of this backfill has done these dates"


@dataclass
class BackfillResult:
    """What a backfill did.

    run_id, as_of: of its last run; run_id is None where nothing was left to do, or only looked at.
    dates: every expected game date, as the ledger has it.
    skipped: of them, those that an earlier call of the same backfill had done.
    """

    backfill_id: str | None = None
    run_id: str | None = None
    as_of: datetime | None = None
    dates: Sequence[BackfillDate] = ()
    skipped: int = 0
    loads: list[LoadOutcome] = field(default_factory=list)
    build: BuildResult | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """Game dates by status."""
        return dict(Counter(one.status for one in self.dates))


@dataclass
class Work:
    """What a backfill does once it is entered; the fields are the arguments of `run_backfill`.

    passed: dates that failed in this call, and wait for its end or for another day.
    """

    settings: Settings
    request: Request
    path: Path | None
    as_of: datetime | None
    window: timedelta
    clock: Clock
    reporter: Reporter
    dbt: DbtRunner | None
    trigger: Trigger
    reason: str | None
    severity: str
    writing: warehouse.Writing
    result: BackfillResult = field(default_factory=BackfillResult)
    passed: set[date] = field(default_factory=set)

    def work(self) -> None:
        """Load what is to be loaded, then build what is loaded."""
        if self.request.source is not None:
            self.load_all()
        if self.request.mode != ledger.LOAD and (dates := self._loaded()):
            self._build(dates)

    def read(self) -> list[BackfillDate]:
        """Every date of it, as the ledger has it now."""
        self.result.dates = ledger.read(self.settings, self.result.backfill_id)
        return list(self.result.dates)

    def _next(self) -> list[BackfillDate]:
        return ledger.next_batch(self.read(), self.window, self.passed)

    def load_all(self) -> None:
        """Load every date that may be tried, at the end those again that a while may mend."""
        # what failed because a provider was away is tried again at the end
        for wait in (0, *defaults.TASK_RETRY_SECONDS):
            time.sleep(wait if self._next() else 0)
            failed = self._load_round()
            if not failed:
                return
            self.passed -= failed

    def _load_round(self) -> set[date]:
        """Load batch after batch; returns the dates that may succeed in a while."""
        failed: set[date] = set()
        total = len(self.result.dates)
        with self.reporter.bar("backfill", total) as bar:
            while batch := self._next():
                begun = sum(not one.may_begin for one in self.result.dates)
                bar(begun, f"{batch[0].game_date} to {batch[-1].game_date}")
                try:
                    self._load_batch(batch)
                except PASSING as error:
                    self.reporter.say(f"[yellow]failed[/], and tried again later: {error}")
                    taken = [one for one in self.read() if one.run_id == self.result.run_id]
                    days = {one.game_date for one in taken or batch}
                    failed |= days
                    self.passed |= days
        return failed

    @contextmanager
    def _recorded(
        self,
        planned: Sequence[BackfillDate],
        take: Callable[[], Sequence[BackfillDate]],
        *,
        is_begun: bool,
    ) -> Iterator[tuple[runs.Recorder, list[BackfillDate]]]:
        """A run, and the dates that it is about: what `take` says once nobody else writes.

        is_begun: the dates are entered as running, with one attempt more; how they end is entered
        with the run. A kill leaves them so; a ^C gives them back.
        """
        if self.result.run_id is not None:
            # whoever waits for the warehouse has it now
            time.sleep(self.settings.lock_poll_seconds * defaults.BACKFILL_PAUSE_POLLS)
        found: list[BackfillDate] = []
        dates: list[BackfillDate] = []

        def taking(run: runs.Run) -> tuple[runs.Run, dict[str, pa.Table]]:
            found.extend(take())
            dates.extend(ledger.moved(found, run.started_at, run_id=run.run_id))
            if not dates:
                return run, {}
            first, last = dates[0].game_date, dates[-1].game_date
            run = replace(run, game_date_from=first, game_date_to=last)
            if not is_begun:
                return run, {}
            dates[:] = [
                replace(one, status=ledger.RUNNING, attempts=one.attempts + 1) for one in dates
            ]
            return run, {BACKFILL_DATES.name: ledger.table(dates)}

        with runs.recorded(
            self.settings,
            self.clock,
            command="backfill",
            run_mode=LIVE if self.as_of is None else REPLAY,
            as_of=self.as_of,
            game_dates=(planned[0].game_date, planned[-1].game_date),
            trigger=replace(self.trigger, caused_by=self.result.backfill_id),
            reason=gates.why(self.severity, self.reason),
            said=self.reporter.say,
            writing=self.writing,
            taking=taking,
        ) as run:
            self.result.run_id = run.run.run_id
            if not dates:
                run.complete(self.clock(), DONE_ELSEWHERE)
            try:
                yield run, dates
            except BaseException as error:
                if is_begun:
                    run.audit.dates = ledger.table(self._given_up(found, dates, error))
                raise

    def _given_up(
        self, found: Sequence[BackfillDate], begun: Sequence[BackfillDate], error: BaseException
    ) -> list[BackfillDate]:
        """Dates that were begun and not ended: as they were found where a person stopped it, or
        where the source is left alone.
        """
        now = self.clock()
        if isinstance(error, KeyboardInterrupt):
            return ledger.moved(found, now, status=ledger.EXPECTED, error="stopped by hand")
        said = self.settings.scrubbed(f"{type(error).__name__}: {error}")[: runs.ERROR_LENGTH]
        if isinstance(error, SourceResting):
            # nothing was asked, so this was no attempt
            return ledger.moved(found, now, status=ledger.EXPECTED, error=said)
        return ledger.moved(begun, now, status=ledger.FAILED, error=said)

    def _load_batch(self, planned: Sequence[BackfillDate]) -> None:
        source = self.request.source
        with self._recorded(planned, self._next, is_begun=True) as (run, begun):
            if not begun:
                return
            days = [one.game_date for one in begun]
            step = Stepper(self.reporter, stepped=run.audit.stepped)
            asked = (source, days, self.path, self.clock, self.reporter, run.audit.heard)
            loads = step(f"load {source}", load_days, self.settings, *asked)
            found = held(self.settings, source, days, loads)
            now = self.clock()
            if self.as_of is None:
                run.fix_as_of(now)
            ended = _ended(begun, found, now)
            if self.request.mode != ledger.LOAD:
                # a date without rows may yet be a gap: the built warehouse knows
                lacks = {one.game_date: one.error for one in ended if source == PRICES}
                ended = [
                    replace(one, status=ledger.LOADED, error=lacks.get(one.game_date))
                    for one in ended
                ]
            # what the source does not have now it will not have in a minute
            self.passed |= {one.game_date for one in ended if one.status == ledger.FAILED}
            run.audit.dates = ledger.table(ended)
            self.result.loads += loads

    def buildable(self, dates: Sequence[BackfillDate]) -> list[BackfillDate]:
        """What a build has to do: of loaded dates, all once none is left to load."""
        if self.request.mode == ledger.REBUILD:
            return [one for one in dates if one.may_begin]
        loaded = [one for one in dates if one.status == ledger.LOADED]
        return loaded if not any(one.status in ledger.TO_BEGIN for one in dates) else []

    def _loaded(self) -> list[BackfillDate]:
        return self.buildable(self.read())

    def _build(self, planned: Sequence[BackfillDate]) -> None:
        is_rebuild = self.request.mode == ledger.REBUILD
        with self._recorded(planned, self._loaded, is_begun=is_rebuild) as (run, dates):
            if not dates:
                return
            if self.as_of is None:
                run.fix_as_of(self.clock())
            self.result.as_of = run.run.as_of
            window = self._built(run)
            found = ledger.found_by_date(self.settings, self.result.backfill_id)
            run.audit.dates = ledger.table(_ended(dates, found, self.clock()))
            run.complete(self.clock(), None, gated_from=window.passed_from)

    def _built(self, run: runs.Recorder) -> gates.GateWindow:
        start, end = self.request.start, self.request.end
        step = Stepper(self.reporter, stepped=run.audit.stepped)
        step("prepare raw tables", steps.ensure_tables, self.settings)
        dbt = self.dbt or DbtRunner(self.settings)
        dbt.run_id, dbt.reporter = run.run.run_id, self.reporter
        dbt.built = run.audit.built
        step("read dbt project", dbt.parse)
        window = gates.gate_window(self.settings, run.run, game_date=start, severity=self.severity)
        window = replace(window, last=None)
        self.result.build = step(
            "build features",
            steps.build_features,
            self.settings,
            dbt,
            run.run,
            slate_date=None,
            window=window,
            rebuild=(start, end) if self.request.mode == ledger.REBUILD else None,
        )
        return window


def _ended(
    dates: Sequence[BackfillDate], found: dict[date, tuple[str, str | None]], now: datetime
) -> list[BackfillDate]:
    """The dates with what was found of each: a status, and what is not there."""
    return [
        replace(one, status=found[one.game_date][0], error=found[one.game_date][1])
        for one in ledger.moved(dates, now)
    ]
