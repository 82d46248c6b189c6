"""History: load game dates batch by batch, build the features, and account for every date.

Each batch is a run of its own, so the warehouse is free in between and a killed backfill goes on
where it stopped. Nothing is forecast, published or told to anybody.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from flows import alarms, defaults, gates, preflight, render_backfill, warehouse
from flows import backfill_ledger as ledger
from flows.backfill_ledger import BackfillDate, Request
from flows.backfill_runs import BackfillResult, Work
from flows.backfill_sources import check, days_of, window_of
from flows.clock import Clock, utc_now
from flows.dbt_runner import DbtRunner
from flows.errors import ArgumentError, BackfillIncomplete
from flows.progress import Reporter, SilentReporter
from flows.trigger import Trigger

if TYPE_CHECKING:
    from loaders.settings import Settings


def run_backfill(
    settings: Settings,
    *,
    source: str | None,
    start: date,
    end: date,
    path: Path | None = None,
    as_of: datetime | None = None,
    load: bool = True,
    build: bool = True,
    again: bool = False,
    dry_run: bool = False,
    window: timedelta | None = None,
    clock: Clock = utc_now,
    reporter: Reporter | None = None,
    dbt: DbtRunner | None = None,
    trigger: Trigger = Trigger(),
    reason: str | None = None,
    severity: str = gates.ERROR,
    writing: warehouse.Writing = warehouse.writing,
) -> BackfillResult:
    """Load the game dates `start` to `end` (inclusive) from one source and build the features.

    The same source, range and mode continues the last backfill of them that is not finished.

    Args:
        settings: target and places.
        source: one of `defaults.SOURCES`: of files in `path` or of an API; None
            without `load`.
        start: first Eastern game date.
        end: last Eastern game date.
        path: the archive's folder, or the prop history's file or folder.
        as_of: instant the features speak from; by default the end of the loads.
        load: whether to load; without it the features of the range are made anew.
        build: whether to build the features afterwards.
        again: begin anew, whatever an earlier backfill of the same has left.
        dry_run: look whether it would get through, and stop.
        window: how many days make a batch; by default what suits the source.
        clock: tells the present.
        reporter: shows what is going on.
        dbt: a runner that has parsed already.
        trigger: what started it; its runs say that they were caused by the backfill.
        reason: why it was started.
        severity: whether what fails a gate blocks ('error') or is only said ('warn').
        writing: makes each of its runs the one writer.

    Raises:
        ArgumentError: unknown source, reversed range, files without a path, nothing to do.
        PreflightFailed: it would not get to its end; nothing was asked of any source.
        BackfillIncomplete: dates that failed, or are undone; names them.
        Whatever a load or the build raises that waiting does not mend.
    """
    request = _request(source, start, end, path, load=load, build=build)
    gates.check(severity)
    one = _Backfill(
        settings=settings,
        request=request,
        path=path,
        as_of=as_of,
        window=window or (window_of(source) if source else end - start),
        clock=clock,
        reporter=reporter or SilentReporter(),
        dbt=dbt,
        trigger=trigger,
        reason=reason,
        severity=severity,
        writing=writing,
    )
    days = one.prepare(again)
    if not dry_run:
        one.enter(days, again)
        with one.resumable():
            one.work()
        one.account()
    return one.result


def _request(
    source: str | None, start: date, end: date, path: Path | None, *, load: bool, build: bool
) -> Request:
    if load and source is not None:
        check(source, start, end, path)
        return Request(ledger.BOTH if build else ledger.LOAD, source, start, end)
    if load:
        raise ArgumentError("a backfill loads from a source: name it with --source")
    if not build:
        raise ArgumentError("--load-only and --rebuild-only leave nothing to do: choose one")
    if source is not None or path is not None:
        raise ArgumentError("--rebuild-only loads nothing: leave --source and --path out")
    if start > end:
        raise ArgumentError(f"--from {start} is after --to {end}: swap them")
    return Request(ledger.REBUILD, None, start, end)


class _Backfill(Work):
    """A backfill from the first look to the last account."""

    def prepare(self, again: bool) -> list[date]:
        """Look whether it can get through; returns the game dates that a new backfill expects."""
        request = self.request
        self.result.seconds = self.reporter.seconds
        found = [] if again else ledger.unfinished(self.settings, request)
        games = ledger.games_by_date(self.settings, request.start, request.end)
        asks_by_date = request.source in ledger.SCHEDULES
        expected = days_of(request.start, request.end) if asks_by_date else sorted(games)
        ahead = [one.game_date for one in found if one.is_undone] or expected
        checks = preflight.checks(
            self.settings, request, ahead, games, path=self.path, now=self.clock()
        )
        self.reporter.console.print(render_backfill.table_of(checks))
        preflight.require(checks)
        return expected

    def enter(self, days: Sequence[date], again: bool) -> None:
        """Continue what is unfinished, else expect these dates; one process at a time."""
        with (
            alarms.telling(self.settings, self.clock, "backfill"),
            self.writing(self.settings, self.reporter.say),
        ):
            found = [] if again else ledger.unfinished(self.settings, self.request)
            if not found:
                why = gates.why(self.severity, self.reason)
                found = ledger.begin(self.settings, self.request, days, why, self.clock())
        self.result.backfill_id = found[0].backfill_id
        self.result.skipped = sum(not one.is_undone for one in found)
        self.result.dates = found
        if self.result.skipped or any(one.attempts for one in found):
            undone = [one.game_date for one in found if one.is_undone]
            self.reporter.say(
                f"continues backfill {found[0].backfill_id} at {undone[0]}: {len(undone)} of "
                f"{len(found)} game dates are not done"
            )

    def account(self) -> None:
        """Say what became of every expected date.

        Raises:
            BackfillIncomplete: some are undone, or failed.
        """
        dates = self.read()
        undone = [one for one in dates if one.is_undone]
        if not undone:
            return
        waiting = [one for one in undone if one.status == ledger.LOADED]
        lacking = [one for one in undone if one.status != ledger.LOADED]
        is_spent = not any(one.may_begin for one in lacking)
        tried = f"each was tried {defaults.BACKFILL_ATTEMPTS} times; begin anew with: "
        raise BackfillIncomplete(
            f"backfill {self.result.backfill_id}: {len(lacking)} of {len(dates)} game dates "
            f"failed, {len(waiting)} are loaded and not built\n{_listed(lacking)}\n"
            f"{tried if is_spent else 'continue with: '}{self.command(again=is_spent)}"
        )

    def command(self, *, again: bool = False) -> str:
        """What a person types to continue it."""
        request = self.request
        words = ["nba-props", "backfill", "--from", str(request.start), "--to", str(request.end)]
        words += ["--source", request.source] if request.source else []
        words += ["--path", str(self.path)] if self.path else []
        words += {ledger.LOAD: ["--load-only"], ledger.REBUILD: ["--rebuild-only"]}.get(
            request.mode, []
        )
        words += ["--again"] if again else []
        return shlex.join([*words, "--reason", self.reason or "continued"])

    @contextmanager
    def resumable(self) -> Iterator[None]:
        """Say how to go on where something, or a person, stopped it."""
        try:
            yield
        except BaseException:
            self.reporter.say(
                f"stopped; backfill {self.result.backfill_id} continues with:\n  {self.command()}"
            )
            raise


def _listed(dates: Sequence[BackfillDate]) -> str:
    """A line for dates in a row that lack the same."""
    lines = []
    for (status, error, attempts), group in groupby(
        dates, key=lambda one: (one.status, one.error, one.attempts)
    ):
        days = [one.game_date for one in group]
        span = f"{days[0]} to {days[-1]}" if len(days) > 1 else str(days[0])
        tried = f" (attempts: {attempts})" if attempts else ""
        why = f": {' '.join(error.split())}" if error else ""
        lines.append(f"  {span} {status}{tried}{why}")
    return "\n".join(lines)
