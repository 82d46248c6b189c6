"""The run ledger `raw_runs.runs`: a row when a run starts, the same row when it ends.

A row that still says 'running' while nobody runs is a run that died.
"""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from flows import warehouse
from loaders.tables import Column, RawTable

if TYPE_CHECKING:
    from flows.clock import Clock
    from loaders.settings import Settings

RUNNING = "running"
COMPLETED = "completed"
FAILED = "failed"

# Enough for what failed, and why; the whole of it stands in the run's artifacts.
ERROR_LENGTH = 2000

RUNS = RawTable(
    name="runs",
    description="One row a run of a command: what it was asked for, and how it ended.",
    columns=(
        Column("run_id", "text", "Start of the run (UTC) and a random suffix."),
        Column("command", "text", "daily, backfill or load."),
        Column(
            "run_mode", "text", "live: loads, then speaks from now; replay: speaks from the past."
        ),
        Column(
            "as_of",
            "timestamp",
            "Instant the run speaks from (UTC); live: its start until its loads are done.",
        ),
        Column("started_at", "timestamp", "Start of the run (UTC)."),
        Column(
            "finished_at",
            "timestamp",
            "End of the run (UTC); null while it runs, or where it died.",
        ),
        Column("status", "text", "running, completed or failed."),
        Column("game_date_from", "date", "First game date (Eastern) the run is about."),
        Column("game_date_to", "date", "Last game date (Eastern) the run is about."),
        Column(
            "gated_from",
            "date",
            "From this game date (Eastern) on it passed every gate; null where it built nothing.",
        ),
        Column("trigger", "text", "Who started it: cli, demo, or a Prefect flow run."),
        Column("reason", "text", "Why it was started, or why there was nothing to do."),
        Column("git_sha", "text", "Commit of the project; null outside a git checkout."),
        Column("error", "text", "What failed, one line first; never a key."),
    ),
    key=("run_id",),
    strategy="upsert",
)


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
    trigger: str = "cli"
    reason: str | None = None
    git_sha: str | None = None
    error: str | None = None


def ensure_run_tables(settings: Settings) -> None:
    """Create `raw_runs.runs`, empty, where it is not there yet."""
    if not warehouse.relation_exists(settings, "raw_runs.runs"):
        _write(settings, [])


def start(
    settings: Settings,
    *,
    command: str,
    run_mode: str,
    as_of: datetime | None,
    now: datetime,
    game_dates: tuple[date, date] | None = None,
    trigger: str = "cli",
    reason: str | None = None,
) -> Run:
    """Enter a run that begins `now`; without an `as_of` yet its start stands in for it."""
    first, last = game_dates or (None, None)
    run = Run(
        run_id=f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
        command=command,
        run_mode=run_mode,
        as_of=as_of or now,
        started_at=now,
        game_date_from=first,
        game_date_to=last,
        trigger=trigger,
        reason=reason,
        git_sha=git_sha(),
    )
    _write(settings, [run])
    return run


class Recorder:
    """The ledger row of the run that is going on."""

    def __init__(self, settings: Settings, run: Run) -> None:
        self.settings = settings
        self.run = run

    def fix_as_of(self, as_of: datetime) -> Run:
        """Enter the instant that a live run speaks from, once its loads are done."""
        return self._update(as_of=as_of)

    def complete(self, now: datetime, reason: str | None, *, gated_from: date | None = None) -> Run:
        """Enter that the run did what it was asked for, and which dates passed its gates."""
        return self._update(
            status=COMPLETED,
            finished_at=now,
            reason=reason or self.run.reason,
            gated_from=gated_from,
        )

    def fail(self, now: datetime, error: BaseException) -> Run:
        """Enter that the run failed, and what of."""
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return self._update(
            status=FAILED, finished_at=now, error=self.settings.scrubbed(text)[:ERROR_LENGTH]
        )

    def _update(self, **changes: Any) -> Run:
        self.run = replace(self.run, **changes)
        _write(self.settings, [self.run])
        return self.run


@contextmanager
def recorded(settings: Settings, clock: Clock, **what: Any) -> Iterator[Recorder]:
    """Enter a run that begins now (`start` says with what), and how the block ends.

    Whatever ends the block early is entered and raised again as it was. A block that ends well
    calls `complete` itself where it has a reason to give.
    """
    recorder = Recorder(settings, start(settings, now=clock(), **what))
    try:
        yield recorder
        if recorder.run.status == RUNNING:
            recorder.complete(clock(), None)
    except BaseException as error:
        try:
            recorder.fail(clock(), error)
        except Exception as second:  # noqa: BLE001  the first error is the one to hear of
            error.add_note(f"and the ledger could not be told: {second}")
        raise


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


def _write(settings: Settings, runs: list[Run]) -> None:
    from loaders.pipeline import Batch, write

    rows = pa.Table.from_pylist([asdict(run) for run in runs], schema=RUNS.arrow_schema())
    write(settings, "runs", [Batch(RUNS, rows)])
