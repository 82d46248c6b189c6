"""Loads into BigQuery leave the same tables as loads into DuckDB, whatever a load does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from google.auth.transport.requests import AuthorizedSession
from made_up_archive import FIRST, LAST, write_shelf
from pydantic import SecretStr
from raw_contents import contents
from things import ID, KEPT, TABLES, VALUE, batch, first_load, made, second_load

from flows import runs
from flows.forecasting.tables import FORECAST_TABLES
from flows.forecasting.writeback import ensure_forecast_tables
from loaders import archive, balldontlie, odds_api
from loaders.engines import bigquery_loading, engine
from loaders.engines.bigquery_client import client, table
from loaders.errors import LoadError
from loaders.pipeline import write
from loaders.raw import RAW_TABLES, ensure_raw_tables
from loaders.sandbox import BALLDONTLIE_KEY, ODDS_API_KEY, Sandbox
from loaders.settings import Settings
from loaders.tables import REJECTS

NOW = datetime(2026, 1, 14, 23, 30, tzinfo=UTC)


def test_every_way_of_writing_gives_the_same_tables(both: tuple[Settings, Settings]) -> None:
    changes = []
    for batches in (first_load(), second_load(2), second_load(3)):
        on_duckdb, on_bigquery = (write(settings, "x", batches)[1] for settings in both)
        assert on_bigquery == on_duckdb
        found = [contents(settings, "raw_x", TABLES) for settings in both]
        assert found[1] == found[0]
        changes.append(tuple(on_bigquery.values()))
    assert changes == [(3, 2, 2, 3, 2, 1), (2, 1, 1, 1, 2, 1), (0, 0, 0, 0, 0, 1)]
    assert [len(rows) for rows in found[1].values()] == [4, 2, 3, 3, 3, 3]


def test_what_is_sent_is_load_jobs_of_files_that_fit_the_tables(
    bq_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, files = [], {}
    request = AuthorizedSession.request
    begin = bigquery_loading._LoadClient._create_load_job

    def seen(self: AuthorizedSession, method: str, url: str, *rest: object, **more: object):
        asked.append(url)
        return request(self, method, url, *rest, **more)

    def opened(self: object, loaded: dict, path: str):
        if path.endswith(".parquet"):
            files[loaded["name"]] = pq.read_schema(path)
        return begin(self, loaded, path)

    monkeypatch.setattr(AuthorizedSession, "request", seen)
    monkeypatch.setattr(bigquery_loading._LoadClient, "_create_load_job", opened)
    write(bq_settings, "x", first_load())
    assert not [url for url in asked if "insertAll" in url]
    assert len([url for url in asked if "/upload/" in url]) >= len(TABLES)
    # BigQuery refuses a file with a nullable column for a column that is required
    for of in TABLES:
        required = {
            f.name for f in table(bq_settings, f"raw_x.{of.name}").schema if f.mode != "NULLABLE"
        }
        assert required == {*of.key, of.version, "_dlt_load_id"} - {""}
        assert {f.name for f in files[of.name] if not f.nullable} == required


def test_tables_are_made_before_the_first_load_with_partitions_and_clusters(
    bq_settings: Settings,
) -> None:
    declared = {**RAW_TABLES, "forecasts": FORECAST_TABLES, "runs": (runs.RUNS,)}
    made = ensure_raw_tables(bq_settings, declared)
    assert len(made) == sum(len(of) for of in declared.values())
    assert ensure_raw_tables(bq_settings, declared) == []
    sent = [job.query for job in client(bq_settings).list_jobs() if hasattr(job, "query")]
    for source, of in declared.items():
        for one in of:
            stored = table(bq_settings, f"raw_{source}.{one.name}")
            assert {c.name for c in one.all_columns()} == {field.name for field in stored.schema}
            by = stored.time_partitioning and stored.time_partitioning.field
            assert (by or "") == one.partition
            if one.cluster:
                named = ", ".join(f"`{name}`" for name in one.cluster)
                begin = f"CREATE TABLE `{bq_settings.bigquery_project}`.`raw_{source}`.`{one.name}`"
                [statement] = [text for text in sent if begin in text]
                assert f"CLUSTER BY {named}" in statement.split(begin)[1].split("CREATE TABLE")[0]


def test_a_newly_declared_column_arrives(bq_settings: Settings, ask) -> None:
    narrow = made("things", "insert-only", ID)
    write(bq_settings, "x", [batch(narrow, (1,))])
    wider = replace(narrow, columns=(ID, VALUE))
    assert ensure_raw_tables(bq_settings, {"x": [wider]}) == ["raw_x.things"]
    assert ensure_raw_tables(bq_settings, {"x": [wider]}) == []
    write(bq_settings, "x", [batch(wider, (2, "v"))])
    assert ask("select id, value from raw_x.things order by id") == [
        {"id": 1, "value": None},
        {"id": 2, "value": "v"},
    ]


def test_a_developers_dataset_stands_before_the_names_of_all(bq_settings: Settings) -> None:
    alice = bq_settings.model_copy(update={"bigquery_dataset": "alice"})
    write(alice, "x", [batch(KEPT, (1, "hers"))])
    assert engine(alice).query("select value from raw_x.kept").to_pylist() == [{"value": "hers"}]
    assert engine(alice).exists("raw_x.kept")
    assert not engine(bq_settings).exists("raw_x.kept")
    assert table(bq_settings, "alice_raw_x.kept") is not None
    assert alice.dlt_dir != bq_settings.dlt_dir


def test_a_load_that_dlt_refuses_is_told_and_forgotten(bq_settings: Settings) -> None:
    things = made("things", "upsert", ID, VALUE)
    write(bq_settings, "x", [batch(things, (1, "a"))])
    wrong = replace(things, columns=(ID, replace(VALUE, data_type="double")))
    with pytest.raises(LoadError, match=r"Loading raw_x failed in the step extract.*value"):
        write(bq_settings, "x", [batch(wrong, (1, 1.5))])
    assert write(bq_settings, "x", [batch(things, (1, "b"))])[1] == {"things": 1}


def test_the_archive_loads_alike(both: tuple[Settings, Settings], tmp_path: Path) -> None:
    shelf = write_shelf(tmp_path / "shelf")
    for start, end in ((FIRST, FIRST), (FIRST, LAST)):
        told = []
        for settings in both:
            outcomes = archive.load(settings, path=shelf, start=start, end=end, clock=lambda: NOW)
            told.append([replace(one, load_id=None) for one in outcomes])
        assert told[1] == told[0]
        found = [contents(settings, "raw_archive", archive.TABLES) for settings in both]
        assert found[1] == found[0]
    assert {name for name, rows in found[1].items() if not rows} == {REJECTS.name}


def test_the_providers_load_alike_today_and_tomorrow(both: tuple[Settings, Settings]) -> None:
    start = date(2026, 1, 12)
    for settings in both:
        with Sandbox(now=NOW, ticking=False) as sandbox:
            reaching = settings.model_copy(
                update={
                    "balldontlie_url": sandbox.url,
                    "odds_api_url": sandbox.url,
                    "balldontlie_api_key": SecretStr(BALLDONTLIE_KEY),
                    "odds_api_key": SecretStr(ODDS_API_KEY),
                }
            )
            for days in (0, 1):
                day = date(2026, 1, 14) + timedelta(days=days)
                sandbox.clock.move_to(NOW + timedelta(days=days))
                balldontlie.load(reaching, start=start, end=day, clock=sandbox.clock)
                odds_api.load(reaching, game_date=day, clock=sandbox.clock)
    for source in ("balldontlie", "odds_api"):
        found = [contents(settings, f"raw_{source}", RAW_TABLES[source]) for settings in both]
        assert found[1] == found[0]
        assert [name for name, rows in found[1].items() if not rows] in ([], [REJECTS.name])


def test_the_ledger_and_the_forecasts_are_written(bq_settings: Settings, ask) -> None:
    ensure_forecast_tables(bq_settings)
    assert ask("select count(*) as n from raw_forecasts.forecasts") == [{"n": 0}]
    later = NOW + timedelta(minutes=1)
    what = {"command": "daily", "run_mode": "live", "as_of": None, "reason": "why"}
    with runs.recorded(bq_settings, lambda: NOW, **what) as ledger:
        ledger.fix_as_of(later)
    [row] = ask("select status, started_at, as_of, reason, error from raw_runs.runs")
    assert tuple(row.values()) == ("completed", NOW, later, "why", None)
