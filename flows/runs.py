"""The run ledger `raw_runs.runs`: a row when a run starts, the same row when it ends.

With the end goes all that the run did (`flows.audit`), in one load. A row that still says
'running' while its process is gone is a run that died; the next run that starts says so.
"""

from __future__ import annotations

import subprocess
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows import alarms, defaults, warehouse
from flows.audit import collect, processes
from flows.audit.artifacts import versions
from flows.audit.tables import ALERTS, ENTERED_TABLES, RUNS
from flows.clock import utc_now
from flows.trigger import CLI, Trigger

if TYPE_CHECKING:
    from flows.clock import Clock
    from flows.warehouse import Writing
    from loaders.settings import Settings

RUNNING = "running"
COMPLETED = "completed"
FAILED = "failed"
DIED = "died"
WAITING = "wait for the warehouse"

# What a run takes up as it begins: the run with its dates, and rows of its dataset by table.
Taking = Callable[["Run"], tuple["Run", dict[str, pa.Table]]]
# Enough for what failed, and why; the whole of it stands in the run's artifacts.
ERROR_LENGTH = 2000


@dataclass(frozen=True)
class Run:
    """A row of the ledger."""

    run_id: str
    command: str
    run_mode: str
    as_of: datetime
    started_at: datetime
    status: str = RUNNING
    finished_at: datetime | None = None
    game_date_from: date | None = None
    game_date_to: date | None = None
    gated_from: date | None = None
    trigger: str = CLI
    deployment: str | None = None
    flow_run_id: str | None = None
    scheduled_at: datetime | None = None
    caused_by: str | None = None
    mode: str | None = None
    reason: str | None = None
    git_sha: str | None = None
    error: str | None = None
    error_class: str | None = None
    host: str | None = None
    process_id: int | None = None
    project_fingerprint: str | None = None
    vars_hash: str | None = None
    versions: str | None = None
    information_set: str | None = None
    is_degraded: bool | None = None
    degraded_reason: str | None = None


def ensure_run_tables(settings: Settings) -> None:
    """Create the tables of `raw_runs`, empty, where they are not there yet."""
    from flows.waivers import WAIVERS
    from loaders.raw import ensure_raw_tables

    ensure_raw_tables(settings, {"runs": (*ENTERED_TABLES, ALERTS, WAIVERS)})


def new_id(now: datetime) -> str:
    """A name that no other run or backfill bears: the instant and a random suffix."""
    return f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


def start(
    settings: Settings,
    *,
    command: str,
    run_mode: str,
    as_of: datetime | None,
    now: datetime,
    game_dates: tuple[date, date] | None = None,
    trigger: Trigger = Trigger(),
    mode: str | None = None,
    reason: str | None = None,
    taking: Taking | None = None,
) -> Run:
    """Enter a run that begins `now`; without an `as_of` yet its start stands in for it.

    Runs that died, or could not say how they ended, are entered with it; and what it takes up,
    which is decided behind them, now that nobody else writes.
    """
    first, last = game_dates or (None, None)
    run = Run(
        run_id=new_id(now),
        command=command,
        run_mode=run_mode,
        as_of=as_of or now,
        started_at=now,
        game_date_from=first,
        game_date_to=last,
        trigger=trigger.kind,
        deployment=trigger.deployment,
        flow_run_id=trigger.flow_run_id,
        scheduled_at=trigger.scheduled_at,
        caused_by=trigger.caused_by,
        mode=mode,
        reason=reason,
        git_sha=git_sha(),
        host=processes.host(),
        process_id=processes.process_id(),
        versions=versions(),
    )
    going_on = {one.run_id for one in _running(settings) if _may_go_on(one, now)}
    left = collect.kept(settings, lambda run_id: run_id not in going_on | processes.GOING_ON)
    told = {run_id for run_id, tables in left.items() if RUNS.name in tables}
    # asked again: what a process wrote before it went is seen now, and it can write no more
    gone = [one for one in _running(settings) if one.run_id not in going_on | told]
    died = [_died(one, run.run_id, now) for one in gone if not _may_go_on(one, now)]
    if taking is None:
        _write(settings, [run, *died], list(left.values()))
        collect.forget(settings, left)
        return run
    if left or died:
        _write(settings, died, list(left.values()))
        collect.forget(settings, left)
    run, taken = taking(run)
    _write(settings, [run], [taken])
    return run


class Recorder:
    """The ledger row of the run that is going on, and what the run has done."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self.settings = settings
        self.run = run
        self.audit = collect.Audit(settings, run.run_id)
        # called once the end stands in the ledger, unless a person or a signal stopped the run
        self.afterwards: Callable[[], None] | None = None

    def fix_as_of(self, as_of: datetime) -> Run:
        """The instant that a live run speaks from, once its loads are done; entered at its end."""
        self.run = replace(self.run, as_of=as_of)
        return self.run

    def forecasts(self, information_set: str) -> None:
        """Which set is forecast; entered when the run ends."""
        self.run = replace(self.run, information_set=information_set)

    def complete(self, now: datetime, reason: str | None, *, gated_from: date | None = None) -> Run:
        """Enter that the run did what it was asked for, which dates passed its gates, and all it
        did.
        """
        self.audit.read_back(utc_now())
        degraded = self.audit.degraded_reason
        return self._end(
            status=COMPLETED,
            finished_at=now,
            reason=reason or self.run.reason,
            is_degraded=degraded is not None,
            degraded_reason=degraded,
            gated_from=gated_from,
        )

    def fail(self, now: datetime, error: BaseException) -> Run:
        """Enter that the run failed, what of, and all that it did before."""
        try:
            self.audit.read_back(utc_now())
        except Exception as second:  # noqa: BLE001  the first error is the one to hear of
            error.add_note(f"and its gates could not be read: {second}")
        text = "\n".join([str(error), *getattr(error, "__notes__", [])]).strip()
        name = type(error).__name__
        text = f"{name}: {text}" if text else name
        return self._end(
            status=FAILED,
            finished_at=now,
            error=self.settings.scrubbed(text)[:ERROR_LENGTH],
            error_class=name,
        )

    def enter_afterwards(self, *without: str) -> None:
        """Enter a step that came behind the end; `without` degrades a run that went well."""
        self.audit.without = (*self.audit.without, *without)
        is_degraded = bool(without) and self.run.status == COMPLETED
        if is_degraded:
            reason = self.audit.degraded_reason
            self.run = replace(self.run, is_degraded=True, degraded_reason=reason)
        _write(self.settings, [self.run] if is_degraded else [], [self.audit.tables_afterwards()])

    def _end(self, **changes: Any) -> Run:
        ended = replace(
            self.run,
            project_fingerprint=self.audit.fingerprint,
            vars_hash=self.audit.vars_hash,
            **changes,
        )
        # kept first: whatever the warehouse says, the next run can enter it
        self.audit.keep(_rows([ended]))
        _write(self.settings, [ended], [self.audit.tables()])
        self.run = ended
        collect.forget(self.settings, [ended.run_id])
        return ended


@contextmanager
def recorded(
    settings: Settings,
    clock: Clock,
    *,
    said: Callable[[str], None] | None = None,
    writing: Writing = warehouse.writing,
    **what: Any,
) -> Iterator[Recorder]:
    """Enter a run that begins now (`start` says with what), and how the block ends.

    The run is the one writer of the warehouse until it has ended; `said` is told whom it waits for.
    Whatever ends the block early is entered and raised again as it was. A block that ends well
    calls `complete` itself where it has a reason to give.
    """
    with ExitStack() as stack:
        asked_at = time.perf_counter()
        with alarms.telling(settings, clock, what["command"]):
            stack.enter_context(writing(settings, said))
            waited = time.perf_counter() - asked_at
            recorder = Recorder(settings, start(settings, now=clock(), **what))
        if waited > defaults.WAIT_WORTH_TELLING:
            recorder.audit.stepped(WAITING, waited, "done")
        with _going_on(settings, clock, recorder):
            yield recorder


@contextmanager
def _going_on(settings: Settings, clock: Clock, recorder: Recorder) -> Iterator[None]:
    processes.GOING_ON.add(recorder.run.run_id)
    ended_by: BaseException | None = None
    try:
        yield
        if recorder.run.status == RUNNING:
            recorder.complete(clock(), None)
    except BaseException as error:
        ended_by = error
        try:
            recorder.fail(clock(), error)
        except Exception as second:  # noqa: BLE001  the first error is the one to hear of
            error.add_note(f"and the ledger could not be told: {second}")
        raise
    finally:
        processes.GOING_ON.discard(recorder.run.run_id)
        is_stopped = not (ended_by is None or isinstance(ended_by, Exception))
        if recorder.afterwards is not None and not is_stopped:
            recorder.afterwards()
        alarms.after_run(settings, command=recorder.run.command, now=clock(), error=ended_by)


def ended_well(settings: Settings, *, before: Run, commands: Sequence[str]) -> bool:
    """Whether the last run of these commands that began before a run completed."""
    found = warehouse.query(
        settings,
        f"""
        select status
        from raw_runs.runs
        where run_id != ? and command in ({", ".join("?" * len(commands))})
        order by started_at desc
        limit 1
        """,
        [before.run_id, *commands],
    )
    return found["status"].to_pylist() == [COMPLETED]


def git_sha() -> str | None:
    """Commit of the checkout the code runs from; None where it is none, or git is absent."""
    from loaders.settings import PROJECT_ROOT

    try:
        found = subprocess.run(
            ["git", "-C", str(PROJECT_ROOT), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return None
    return found.stdout.strip() or None


def _running(settings: Settings) -> list[Run]:
    """The runs that have not said how they ended."""
    if not warehouse.relation_exists(settings, "raw_runs.runs"):
        return []
    # every column: those that a new version declares come with its first write
    found = warehouse.query(settings, f"select * from raw_runs.runs where status = '{RUNNING}'")
    names = [one.name for one in fields(Run) if one.name in found.column_names]
    return [Run(**row) for row in found.select(names).to_pylist()]


def _may_go_on(run: Run, now: datetime) -> bool:
    return processes.may_go_on(
        run.run_id, on=run.host, process=run.process_id, started_at=run.started_at, now=now
    )


def _died(run: Run, seen_by: str, now: datetime) -> Run:
    who = f"process {run.process_id} on {run.host}" if run.host else "its process"
    error = (
        f"died: {who} was gone when run {seen_by} started at {now:%Y-%m-%dT%H:%M:%SZ}; "
        f"it had started at {run.started_at:%Y-%m-%dT%H:%M:%SZ} and never said how it ended"
    )
    return replace(run, status=DIED, error=error, error_class="RunDied")


def _rows(runs: Sequence[Run]) -> pa.Table:
    return pa.Table.from_pylist([asdict(run) for run in runs], schema=RUNS.arrow_schema())


def _write(
    settings: Settings, runs: Sequence[Run], audits: Sequence[dict[str, pa.Table]] = ()
) -> None:
    """One load of runs, and of the tables that runs left; a run is in only one of the two."""
    from loaders.pipeline import Batch, write

    found = {
        table.name: collect.joined(table, [one[table.name] for one in audits if table.name in one])
        for table in ENTERED_TABLES
    }
    found[RUNS.name] = pa.concat_tables([_rows(runs), found[RUNS.name]])
    batches = [Batch(table, found[table.name]) for table in ENTERED_TABLES]
    write(settings, "runs", [one for one in batches if one.rows.num_rows])
