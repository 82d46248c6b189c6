from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows import warehouse as reading
from loaders.errors import QueryFailed, WarehouseBusy, WarehouseMissing, WarehouseNotConfigured
from loaders.settings import Settings

HOLD = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen]:
    """Another process that has the file open for writing until the block ends."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.stdin.close()


def test_rows_come_as_arrow_with_utc_instants(settings: Settings, warehouse: Callable) -> None:
    warehouse("create table t as select 1 as a, timestamptz '2026-01-15 17:00:00-05' as at")
    rows = reading.query(settings, "select * from t where a = ?", [1])
    assert rows.column("at")[0].as_py() == datetime(2026, 1, 15, 22, tzinfo=UTC)
    assert str(rows.schema.field("at").type) == "timestamp[us, tz=UTC]"


def test_reading_leaves_nothing_open(settings: Settings, warehouse: Callable) -> None:
    warehouse("create table t as select 1 as a")
    reading.query(settings, "from t")
    with pytest.raises(QueryFailed):
        reading.query(settings, "select a from t where")
    warehouse("insert into t values (2)")
    assert reading.query(settings, "from t").num_rows == 2


def test_reading_cannot_write(settings: Settings, warehouse: Callable) -> None:
    warehouse("create table t as select 1 as a")
    with pytest.raises(QueryFailed, match="read-only"):
        reading.query(settings, "insert into t values (2)")


def test_what_is_not_there_is_named(settings: Settings, warehouse: Callable) -> None:
    with pytest.raises(WarehouseMissing, match=r"warehouse\.duckdb.*nba-props"):
        reading.query(settings, "select 1")
    assert not reading.relation_exists(settings, "marts.games")
    warehouse("create schema marts")
    assert not reading.relation_exists(settings, "marts.games")
    with pytest.raises(WarehouseMissing, match="games"):
        reading.query(settings, "from marts.games")
    with pytest.raises(WarehouseMissing, match="nothing is published"):
        reading.query_published(settings, "select 1")


def test_a_held_warehouse_is_waited_for_and_its_holder_named(
    settings: Settings, warehouse: Callable
) -> None:
    warehouse("create table t as select 1 as a")
    with held_elsewhere(settings.warehouse_path) as holder:
        with pytest.raises(WarehouseBusy, match=rf"process {holder.pid}\b.*0\.2 s"):
            reading.query(settings, "from t")
        with (
            pytest.raises(WarehouseBusy, match=str(settings.warehouse_path)),
            reading.writing(settings),
        ):
            pass
        patient = settings.model_copy(update={"lock_wait_seconds": 10})
        threading.Timer(0.3, holder.stdin.close).start()
        assert reading.query(patient, "from t").num_rows == 1


def test_a_second_writer_is_told_whom_it_waits_for(settings: Settings, warehouse: Callable) -> None:
    hurried = settings.model_copy(update={"writer_wait_seconds": 0.3})
    with held_elsewhere(settings.writer_path) as holder:
        # of the run that holds it the ledger knows more than the lock does
        warehouse(
            "create schema raw_runs",
            f"""create table raw_runs.runs as select 'r1' as run_id, 'backfill' as command,
            {holder.pid} as process_id, timestamptz '2026-01-15 00:30:00+00' as started_at,
            'running' as status""",
        )
        said: list[str] = []
        with (
            pytest.raises(
                WarehouseBusy,
                match=rf"process {holder.pid}\b.*0\.3 s.*backfill r1 \(process {holder.pid}, since",
            ),
            reading.writing(hurried, said.append),
        ):
            pass
        assert len(said) == 1
        assert f"waiting for the warehouse: process {holder.pid}" in said[0]
        assert "backfill r1" in said[0]
        threading.Timer(0.3, holder.stdin.close).start()
        with reading.writing(settings.model_copy(update={"writer_wait_seconds": 10})):
            pass


def test_the_published_copy_is_read_while_the_warehouse_is_held(
    settings: Settings, warehouse: Callable
) -> None:
    warehouse("create table t as select 1 as a")
    with duckdb.connect(str(settings.published_path)) as connection:
        connection.execute("create table t as select 2 as a")
    with held_elsewhere(settings.warehouse_path):
        assert reading.query_published(settings, "from t").to_pylist() == [{"a": 2}]


def test_the_first_tipoff_of_a_day(settings: Settings, warehouse: Callable) -> None:
    day = date(2026, 1, 15)
    assert reading.first_tipoff(settings, day) is None
    warehouse(
        "create schema marts",
        """create table marts.games as from (values
            (date '2026-01-15', timestamptz '2026-01-16 00:30:00+00'),
            (date '2026-01-15', timestamptz '2026-01-16 00:00:00+00'),
            (date '2026-01-15', null),
            (date '2026-01-14', timestamptz '2026-01-15 00:00:00+00')
        ) as games (game_date, tipoff_at)""",
    )
    assert reading.first_tipoff(settings, day) == datetime(2026, 1, 16, tzinfo=UTC)
    assert reading.first_tipoff(settings, date(2026, 1, 13)) is None


def test_bigquery_without_a_project_names_the_setting(settings: Settings) -> None:
    bare = settings.for_target("bigquery").model_copy(update={"bigquery_project": None})
    with pytest.raises(WarehouseNotConfigured, match="NBA_PROPS_BIGQUERY_PROJECT"):
        reading.query(bare, "select 1")
