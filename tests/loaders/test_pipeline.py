from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest
from dlt.destinations.impl.duckdb.sql_client import DuckDbSqlClient
from dlt.destinations.job_client_impl import SqlJobClientBase

from loaders.errors import LoadError, WarehouseBusy
from loaders.pipeline import Batch, write
from loaders.raw import RAW_TABLES, ensure_raw_tables
from loaders.settings import Settings
from loaders.tables import Column, RawTable

ID = Column("id", "bigint", "Id.")
DAY = Column("day", "date", "Day.")
VALUE = Column("value", "text", "Value.")
SEEN = Column("captured_at", "timestamp", "Seen.")
VERSION = Column("row_version", "text", "Version.")


def table(strategy: str, *columns: Column, **more) -> RawTable:
    return RawTable("things", "Things.", columns, ("id",), strategy, **more)


def rows(of: RawTable, *values: dict) -> pa.Table:
    return pa.Table.from_pylist(list(values), schema=of.arrow_schema())


def at(hour: int) -> datetime:
    return datetime(2024, 1, 1, hour, tzinfo=UTC)


def test_cdc_deletes_only_inside_the_scope_and_leaves_unchanged_rows(settings, sql) -> None:
    things = table("cdc", ID, DAY, VALUE)
    d1, d2, d3 = (date(2024, 1, n) for n in (1, 2, 3))

    def load(scope: str, *values: tuple) -> tuple[str, int]:
        batch = rows(things, *(dict(zip(("id", "day", "value"), v, strict=True)) for v in values))
        load_id, changed = write(settings, "x", [Batch(things, batch, scope=scope)])
        return load_id, changed["things"]

    first, _ = load("day <= '2024-01-03'", (1, d1, "a"), (2, d2, "b"), (3, d3, "c"))
    second, changed = load("day <= '2024-01-02'", (1, d1, "a"), (4, d2, "n"))
    assert changed == 1
    assert sql("select id, _dlt_load_id from raw_x.things order by id") == [
        (1, first),
        (3, first),
        (4, second),
    ]


def test_versions_decide_what_is_a_change(settings, sql) -> None:
    things = table("upsert", ID, VALUE, SEEN, VERSION, version="row_version")
    reports = replace(table("scd2", ID, VALUE, VERSION, version="row_version"), name="reports")
    changes = []
    for hour, value in ((1, "a"), (2, "a"), (3, "b")):
        row = {"id": 1, "value": value, "captured_at": at(hour), "row_version": value}
        batches = [
            Batch(things, rows(things, row)),
            Batch(reports, rows(reports, row), boundary=at(hour)),
        ]
        changes.append(tuple(write(settings, "x", batches)[1].values()))
    assert changes == [(1, 1), (0, 0), (1, 2)]
    assert sql("select value, captured_at from raw_x.things") == [("b", at(3))]
    assert sql("select value, valid_from, valid_to from raw_x.reports order by 2") == [
        ("a", at(1), at(3)),
        ("b", at(3), None),
    ]


def test_a_newly_declared_column_arrives(settings, sql) -> None:
    things = table("insert-only", ID)
    write(settings, "x", [Batch(things, rows(things, {"id": 1}))])
    wider = replace(things, columns=(ID, VALUE))
    write(settings, "x", [Batch(wider, rows(wider, {"id": 2, "value": "v"}))])
    assert sql("select id, value from raw_x.things order by id") == [(1, None), (2, "v")]


def test_ensure_raw_tables_creates_what_is_declared_and_touches_nothing(settings, sql) -> None:
    made = ensure_raw_tables(settings)
    assert len(made) == sum(len(tables) for tables in RAW_TABLES.values())
    columns = set(
        sql("select table_schema, table_name, column_name from information_schema.columns")
    )
    declared = {
        (f"raw_{source}", t.name, c.name)
        for source, tables in RAW_TABLES.items()
        for t in tables
        for c in t.all_columns()
    }
    assert declared <= columns
    assert sql("select count(*) from raw_balldontlie._dlt_loads") == [(0,)]
    assert ensure_raw_tables(settings) == []

    rosters = next(t for t in RAW_TABLES["balldontlie"] if t.strategy == "scd2")
    row = {c.name: None for c in rosters.columns} | {"id": 1, "row_version": "v"}
    write(settings, "balldontlie", [Batch(rosters, rows(rosters, row), boundary=at(1))])
    wider = replace(rosters, columns=(*rosters.columns, Column("extra", "double", "New.")))
    assert ensure_raw_tables(settings, {"balldontlie": [wider]}) == [
        "raw_balldontlie.active_players"
    ]
    assert sql("select id, valid_to, extra from raw_balldontlie.active_players") == [
        (1, None, None)
    ]


def test_a_lost_warehouse_file_or_state_is_no_obstacle(settings, sql) -> None:
    things = table("upsert", ID, VALUE)
    batch = Batch(things, rows(things, {"id": 1, "value": "a"}))
    write(settings, "x", [batch])
    settings.warehouse_path.unlink()
    assert write(settings, "x", [batch])[1] == {"things": 1}
    settings.dlt_dir.rename(settings.home / "gone")
    assert write(settings, "x", [batch])[1] == {"things": 0}
    assert sql("select id, value from raw_x.things") == [(1, "a")]


HOLD = """
import duckdb, sys, time
con = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(float(sys.argv[2]))
"""


def hold(settings: Settings, seconds: float) -> subprocess.Popen:
    settings.home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", HOLD, str(settings.warehouse_path), str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_locked_warehouse_is_waited_for_and_then_named(settings) -> None:
    things = table("upsert", ID)
    batch = Batch(things, rows(things, {"id": 1}))
    holder = hold(settings, 30)
    try:
        with pytest.raises(WarehouseBusy, match=r"warehouse\.duckdb.*process \d+.*let it finish"):
            write(settings, "x", [batch])
    finally:
        holder.kill()
        holder.wait()
    holder = hold(settings, 0.5)
    patient = settings.model_copy(update={"lock_wait_seconds": 20})
    assert write(patient, "x", [batch])[1] == {"things": 1}
    holder.wait()
    # no handle stays open: other options would be refused
    with duckdb.connect(str(settings.warehouse_path), config={"threads": 1}) as con:
        assert con.execute("select count(*) from raw_x.things").fetchall() == [(1,)]


def kill_at(moment: str, home: str, batches: list[Batch]) -> None:
    """Load in this (forked) process, which dies at `moment` as under kill -9."""
    if moment == "in the merge":
        run = DuckDbSqlClient.execute_query

        def dying(self, query, *args, **kwargs):
            return os._exit(9) if "MERGE" in query else run(self, query, *args, **kwargs)

        DuckDbSqlClient.execute_query = dying
    else:
        SqlJobClientBase.complete_load = lambda self, load_id: os._exit(9)
    write(Settings(home=home), "x", batches)


@pytest.mark.parametrize("moment", ["in the merge", "before the load is recorded"])
def test_a_killed_load_heals_with_the_next_one(settings, sql, moment) -> None:
    things = table("upsert", ID, VALUE)
    others = replace(things, name="others")
    old, new = (rows(things, {"id": 1, "value": v}) for v in ("old", "new"))
    write(settings, "x", [Batch(things, old), Batch(others, old)])
    batches = [Batch(things, new), Batch(others, new)]
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=kill_at, args=(moment, str(settings.home), batches))
    process.start()
    process.join(20)
    assert process.exitcode == 9
    write(settings, "x", batches)
    for name in ("things", "others"):
        assert sql(f"select id, value from raw_x.{name}") == [(1, "new")]
        recorded = (
            f"select count(*) from raw_x.{name} join raw_x._dlt_loads on _dlt_load_id = load_id"
        )
        assert sql(recorded) == [(1,)]


def test_a_load_that_dlt_refuses_is_told_and_forgotten(settings, sql) -> None:
    things = table("upsert", ID, VALUE)
    write(settings, "x", [Batch(things, rows(things, {"id": 1, "value": "a"}))])
    wrong = replace(things, columns=(ID, replace(VALUE, data_type="double")))
    with pytest.raises(LoadError, match=r"Loading raw_x failed in the step extract.*value"):
        write(settings, "x", [Batch(wrong, rows(wrong, {"id": 1, "value": 1.5}))])
    assert write(settings, "x", [Batch(things, rows(things, {"id": 1, "value": "b"}))])[1] == {
        "things": 1
    }
