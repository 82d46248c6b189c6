"""No record is lost or wrong where a run is killed, cannot write, or fails while it says so."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
from audited import BUILD, START, recorded, rows, work

from flows import runs
from flows.audit import artifacts, processes
from flows.audit.tables import AUDIT_TABLES
from loaders import pipeline
from loaders.errors import LoadError, WarehouseBusy
from loaders.settings import PROJECT_ROOT, Settings


def test_incident_19_a_later_sweep_never_marks_a_success_as_failed(
    settings: Settings, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = runs.start(settings, command="load", run_mode="live", as_of=None, now=clock())
    runs._write(settings, [replace(done, status="completed", finished_at=clock())])
    late = runs.start(settings, command="daily", run_mode="live", as_of=None, now=clock())

    def ends_while_it_is_looked_at(run_id: str, **_: Any) -> bool:
        runs._write(settings, [replace(late, status="completed", finished_at=clock())])
        return False

    monkeypatch.setattr(processes, "may_go_on", ends_while_it_is_looked_at)
    runs.start(settings, command="daily", run_mode="live", as_of=None, now=clock())
    statuses = {row["run_id"]: row["status"] for row in rows(settings, "runs")}
    assert (statuses[done.run_id], statuses[late.run_id]) == ("completed", "completed")


KILLED = """
import sys, time
from datetime import date
from flows import runs
from flows.clock import utc_now
from flows.dbt_runner import BuildResult, NodeResult
from loaders.settings import Settings
settings = Settings(home=sys.argv[1])
with runs.recorded(settings, utc_now, command="daily", run_mode="live", as_of=None) as ledger:
    node = NodeResult("games", "model.nba_props.games", "model", "success", 0.5, None, None)
    ledger.audit.built(BuildResult("features", (node,), None))
    print(ledger.run.run_id, flush=True)
    time.sleep(600)
"""


def test_a_run_that_is_killed_is_told_of_by_the_next_one(settings: Settings) -> None:
    runs.ensure_run_tables(settings)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(settings.home)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        killed = child.stdout.readline().strip()
        now = datetime.now(UTC)
        # while it lives, nobody says that it died
        runs.start(settings, command="load", run_mode="live", as_of=None, now=now)
        assert {row["run_id"]: row["status"] for row in rows(settings, "runs")}[killed] == "running"
        assert rows(settings, "nodes") == []
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    later = runs.start(settings, command="load", run_mode="live", as_of=None, now=now)
    found = {row["run_id"]: row for row in rows(settings, "runs")}
    assert (found[killed]["status"], found[killed]["finished_at"]) == ("died", None)
    assert found[killed]["error_class"] == "RunDied"
    assert found[killed]["error"].startswith(
        f"died: process {child.pid} on {processes.host()} was gone when run {later.run_id} "
        f"started at {now:%Y-%m-%dT%H:%M:%SZ}"
    )
    # what it had done before is not lost
    assert [(row["run_id"], row["name"]) for row in rows(settings, "nodes")] == [(killed, "games")]
    again = runs.start(settings, command="load", run_mode="live", as_of=None, now=now)
    assert found[killed] == {row["run_id"]: row for row in rows(settings, "runs")}[killed]
    assert again.run_id != later.run_id


@pytest.mark.parametrize(
    ("on", "process", "age", "may"),
    [
        ("elsewhere", 1, timedelta(days=2), True),
        ("elsewhere", 1, timedelta(days=4), False),
        (None, None, timedelta(days=2), True),
        (None, None, timedelta(days=4), False),
        ("here", os.getppid(), timedelta(days=2), True),
        # a number is given again, a run does not take that long
        ("here", os.getppid(), timedelta(days=4), False),
        ("here", os.getpid(), timedelta(hours=1), False),
        ("here", 2**22 + 1, timedelta(hours=1), False),
    ],
    # not the numbers of processes, which differ between the workers of one test run
    ids=["away", "away long", "unknown", "unknown long", "here", "here long", "itself", "gone"],
)
def test_who_may_still_be_going_on(
    on: str | None, process: int | None, age: timedelta, may: bool
) -> None:
    host = processes.host() if on == "here" else on
    found = processes.may_go_on("r", on=host, process=process, started_at=START - age, now=START)
    assert found == may


def test_incident_38_records_that_could_not_be_written_are_written_by_the_next_run(
    settings: Settings, clock: Callable, built: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    built("pass")

    def refused(*_: Any) -> None:
        raise WarehouseBusy("held by process 1")

    def run() -> None:
        with recorded(settings, clock) as ledger:
            work(ledger.audit)
            monkeypatch.setattr(pipeline, "write", refused)

    with pytest.raises(WarehouseBusy) as heard:
        run()
    assert heard.value.__notes__ == ["and the ledger could not be told: held by process 1"]
    monkeypatch.undo()
    assert [row["status"] for row in rows(settings, "runs")] == ["running"]
    later = runs.start(settings, command="load", run_mode="live", as_of=None, now=clock())
    statuses = {row["run_id"] == later.run_id: row["status"] for row in rows(settings, "runs")}
    assert statuses == {True: "running", False: "failed"}
    counts = {table.name: len(rows(settings, table.name)) for table in AUDIT_TABLES}
    assert counts == {
        "runs": 2,
        "nodes": 4,
        "gate_results": 1,
        "loads": 2,
        "steps": 1,
        "source_states": 2,
        "api_quota": 2,
    }
    assert list(settings.audit_dir.iterdir()) == []


def test_incident_39_a_handler_that_fails_itself_hides_no_error(
    settings: Settings, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise AttributeError("no such thing as a gate")

    monkeypatch.setattr(artifacts, "gate_rows", broken)

    def run() -> None:
        with recorded(settings, clock) as ledger:
            ledger.audit.built(BUILD)
            raise LoadError("the provider is down")

    with pytest.raises(LoadError, match="the provider is down") as heard:
        run()
    assert heard.value.__notes__ == ["and its gates could not be read: no such thing as a gate"]
    [row] = rows(settings, "runs")
    assert (row["status"], row["error_class"]) == ("failed", "LoadError")
    assert row["error"] == (
        "LoadError: the provider is down\nand its gates could not be read: no such thing as a gate"
    )
    assert len(rows(settings, "nodes")) == 4


def test_a_ledger_of_an_earlier_version_is_swept_and_widened(
    settings: Settings, clock: Callable
) -> None:
    narrow = replace(
        runs.RUNS, columns=tuple(c for c in runs.RUNS.columns if c.name not in ("host", "versions"))
    )
    old = runs.Run("old", "daily", "live", START, START - timedelta(days=5))
    rows_of_old = runs._rows([old]).select([c.name for c in narrow.columns])
    pipeline.write(settings, "runs", [pipeline.Batch(narrow, rows_of_old)])
    runs.start(settings, command="load", run_mode="live", as_of=None, now=clock())
    found = {row["run_id"]: row for row in rows(settings, "runs")}
    assert (found["old"]["status"], found["old"]["host"]) == ("died", None)


def test_nothing_is_left_open(settings: Settings, clock: Callable) -> None:
    with recorded(settings, clock):
        pass
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        assert connection.execute("select count(*) from raw_runs.runs").fetchone() == (1,)
