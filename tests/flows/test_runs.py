from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from flows import runs, warehouse
from loaders.settings import Settings

START = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)
DAY = date(2026, 1, 15)


@pytest.fixture
def clock() -> Callable[[], datetime]:
    """A minute passes with every look."""
    looks = iter(range(100))
    return lambda: START + timedelta(minutes=next(looks))


def ledger(settings: Settings) -> list[dict]:
    return warehouse.query(settings, "from raw_runs.runs order by started_at").to_pylist()


def test_a_run_is_one_row_that_ends(settings: Settings, clock: Callable) -> None:
    with runs.recorded(
        settings, clock, command="daily", run_mode="live", as_of=None, game_dates=(DAY, DAY)
    ) as recorder:
        [begun] = ledger(settings)
        assert (begun["status"], begun["finished_at"]) == ("running", None)
        assert begun["as_of"] == begun["started_at"] == START
        recorder.fix_as_of(START + timedelta(seconds=30))
        recorder.complete(clock(), "no games")
    [row] = ledger(settings)
    assert row["run_id"] == begun["run_id"]
    assert row["status"] == "completed"
    assert row["as_of"] == START + timedelta(seconds=30)
    assert row["finished_at"] == START + timedelta(minutes=1)
    assert row["reason"] == "no games"
    assert (row["game_date_from"], row["game_date_to"]) == (DAY, DAY)
    assert row["error"] is None


def test_a_run_that_fails_says_of_what_but_never_a_key(settings: Settings, clock: Callable) -> None:
    def run_and_fail() -> None:
        with runs.recorded(
            settings, clock, command="daily", run_mode="replay", as_of=START
        ) as recorder:
            recorder.fix_as_of(START - timedelta(hours=1))
            raise RuntimeError("refused: https://host/v4?apiKey=key-two")

    with pytest.raises(RuntimeError, match="key-two"):
        run_and_fail()
    [row] = ledger(settings)
    assert row["status"] == "failed"
    assert row["error"] == "RuntimeError: refused: https://host/v4?apiKey=***"
    assert row["as_of"] == START - timedelta(hours=1)


def test_a_run_that_is_interrupted_is_a_failed_one(settings: Settings, clock: Callable) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        runs.recorded(settings, clock, command="daily", run_mode="live", as_of=None),
    ):
        raise KeyboardInterrupt
    assert [row["error"] for row in ledger(settings)] == ["KeyboardInterrupt"]


def test_the_table_is_there_before_the_first_run(settings: Settings) -> None:
    runs.ensure_run_tables(settings)
    runs.ensure_run_tables(settings)
    assert ledger(settings) == []
    described = warehouse.query(settings, "describe raw_runs.runs").to_pylist()
    types = {column["column_name"]: column["column_type"] for column in described}
    assert types["as_of"] == "TIMESTAMP WITH TIME ZONE"
    assert types["game_date_from"] == "DATE"
    assert [c.name for c in runs.RUNS.columns] == [n for n in types if not n.startswith("_dlt")]
