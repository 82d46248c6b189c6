"""Backfills as processes, and what two warehouses have not in common."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from comparison import Unlike, unlike
from history import FIRST, LAST, NOW
from wire import STAMPS
from worlds import OF_ONE_BUILD

from flows import warehouse
from flows.backfill import BackfillResult, run_backfill
from flows.world import reach_sandbox
from loaders.sandbox import Sandbox
from loaders.settings import PROJECT_ROOT, Settings

CHILD = Path(__file__).with_name("history.py")
# Days a batch of the ten dates: three batches.
DAYS = 4
PATIENCE = 900
# What a run writes about itself differs between any two runs.
OF_RUNS = ("raw_runs",)


def child(
    home: Path,
    *,
    mode: str = "load",
    days: int = DAYS,
    at: datetime = NOW,
    first: date = FIRST,
    last: date = LAST,
) -> subprocess.Popen[str]:
    """A backfill in a process of its own, at the moment in which it begins."""
    asked = (home, at.isoformat(), first, last, days, mode)
    process = subprocess.Popen(
        [sys.executable, str(CHILD), *map(str, asked)],
        cwd=PROJECT_ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout.readline() == "begins\n"
    return process


def ended(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What a process says at its end, which must be a good one."""
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, said
    return json.loads(said.splitlines()[-1])


def killed(process: subprocess.Popen[str], lines: int) -> str:
    """Kill a process up to a second after so many lines; what it had said."""
    said = "".join(islice(process.stdout, lines))
    time.sleep(random.random())
    os.killpg(process.pid, signal.SIGKILL)
    more, _ = process.communicate()
    return said + more


def here(home: Path, *, mode: str = "load", days: int = DAYS, **more: Any) -> BackfillResult:
    """The same backfill in this process."""
    with Sandbox(now=NOW, ticking=False) as sandbox:
        return run_backfill(
            reach_sandbox(Settings(home=home, lock_poll_seconds=0.01), sandbox),
            source="balldontlie",
            start=FIRST,
            end=LAST,
            window=timedelta(days=days),
            build=mode == "both",
            clock=lambda: NOW,
            reason="a proof",
            **more,
        )


def put_aside(home: Path, aside: Path) -> Settings:
    """Move a warehouse, so that its home can be used again with dbt's stored parse."""
    aside.mkdir(parents=True)
    settings = Settings(home=aside)
    shutil.move(Settings(home=home).warehouse_path, settings.warehouse_path)
    empty(home)
    return settings


def empty(home: Path) -> None:
    """Leave nothing in a home but what dbt keeps of its own parse."""
    for path in home.iterdir():
        if path.name != "dbt":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    shutil.rmtree(home / "dbt" / "built", ignore_errors=True)


def ledger(settings: Settings) -> list[dict[str, Any]]:
    """The game dates of every backfill, in their order."""
    return warehouse.query(
        settings, "select * from raw_runs.backfill_dates order by backfill_id, game_date"
    ).to_pylist()


def differing(one: Settings, other: Settings) -> tuple[int, dict[str, Unlike | str]]:
    """How many tables that last were compared, and by table what the two have not in common."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{one.warehouse_path}' as one (read_only)")
        connection.execute(f"attach '{other.warehouse_path}' as other (read_only)")
        tables = {name: _columns(connection, name) for name in ("one", "other")}
        found: dict[str, Unlike | str] = dict.fromkeys(
            tables["one"].keys() ^ tables["other"], "only one of the two has it"
        )
        for name in tables["one"].keys() & tables["other"]:
            columns = tables["one"][name]
            said = unlike(connection, f"one.{name}", f"other.{name}", columns)
            found |= {} if said is None else {name: said}
    return len(tables["one"]), found


def _columns(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, dict[str, str]]:
    """By table the columns that two runs of the same have in common, with their types."""
    rows = connection.execute(
        """
        select columns.schema_name || '.' || columns.table_name, column_name, data_type
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
        where database_name = ? and not starts_with(columns.table_name, '_dlt')
            and not ends_with(columns.schema_name, '_staging')
            and not list_contains(?, columns.schema_name)
        """,
        [catalog, list(OF_RUNS)],
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        if any(part in table for part in OF_ONE_BUILD):
            continue
        columns = found.setdefault(table, {})
        if column not in STAMPS and column != "run_id" and not column.startswith("_dlt"):
            columns[column] = kind
    return found
