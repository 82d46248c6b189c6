"""The estimate of docs/bigquery-scale.md, on invented tables."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scan_builds import Build, Scan, Statement, Weigher, read_log, tables_made
from scan_estimate import World, billed, report, worlds_of
from scan_facts import ALL, NIGHT
from scan_reads import LEAST_BILLED, Reader, measure
from scan_situations import BUILDS, catalog, forecast_tables, partitioned_tables, touch


@pytest.fixture
def weigher(connection: Any, reader: Reader) -> Weigher:
    return Weigher(connection, reader, measure(connection))


def line(name: str, node: str, sql: str) -> str:
    return json.dumps(
        {"info": {"name": name}, "data": {"node_info": {"unique_id": node}, "sql": sql}}
    )


def test_statements_of_nodes_are_read_from_the_log_of_dbt() -> None:
    log = [
        line("SQLQuery", "model.p.a", "select 1 from marts.facts"),
        line("SQLQuery", "model.p.a", "select * from duckdb_tables()"),
        line("SQLQuery", "model.p.a", "select a from (describe marts.facts)"),
        line("SQLQuery", "model.p.a", "BEGIN"),
        line("SQLQuery", "seed.p.a", "insert into seeds.a select * from x"),
        line("NodeFinished", "model.p.a", "select 1 from marts.facts"),
        json.dumps({"info": {"name": "SQLQuery"}, "data": {"sql": "select 1 from marts.facts"}}),
    ]
    assert read_log(log) == [Statement("model.p.a", "select 1 from marts.facts")]


@pytest.mark.parametrize(
    ("node", "sql", "kind"),
    [
        ("test.p.a", "select 1 from t", "data tests"),
        ("model.p.a", "/* a */\n create table t as (select 1)", "models"),
        ("model.p.a", "delete from t where true", "vanished dates"),
        ("model.p.a", "select distinct game_date from t", "questions of macros"),
    ],
)
def test_a_statement_knows_what_it_is_for(node: str, sql: str, kind: str) -> None:
    assert Statement(node, sql).kind == kind


def test_what_a_statement_fills_has_its_final_name() -> None:
    made = 'create table "w"."marts"."facts__dbt_tmp2024" as (select 1 as a)'
    assert tables_made(made) == [("marts.facts", "(SELECT 1 AS a)")]
    assert tables_made("create view marts.v as select 1 as a") == []


def test_a_night_weighs_its_share_of_the_rows(weigher: Weigher) -> None:
    statement = Statement("test.p.a", f"select points from marts.facts where {NIGHT}")
    assert weigher.weigh([statement]) == [
        Scan(1, "test.p.a", "data tests", "marts.facts", 32.0, True)
    ]
    [whole] = weigher.weigh([Statement("test.p.a", f"select points from marts.facts where {ALL}")])
    assert (whole.bytes, whole.is_part) == (160.0, False)


def test_prices_of_a_night_weigh_as_its_games(connection: Any, weigher: Weigher) -> None:
    assert weigher.share("marts.facts", NIGHT) == 0.2
    assert weigher.share("raw_archive.player_props", NIGHT) == 0.25


def test_a_slice_is_replaced_by_a_merge(weigher: Weigher) -> None:
    node, temporary = "model.p.facts", "facts__dbt_tmp2024"
    select = f"select * from marts.facts where {NIGHT}"
    scans = weigher.weigh(
        [
            Statement(node, f'create temporary table "{temporary}" as ({select})'),
            Statement(
                node,
                f"delete from marts.facts where game_date in (select game_date from {temporary});"
                f" insert into marts.facts (select * from {temporary})",
            ),
        ]
    )
    slices = [scan for scan in scans if scan.kind == "replaced slices"]
    assert [(s.statement, s.table, s.bytes) for s in slices] == [
        (2, "marts.facts__dbt_tmp", 16.0),
        (3, "marts.facts__dbt_tmp", 44.4),
        (3, "marts.facts", 44.4),
    ]
    assert [scan.bytes for scan in weigher.writes] == [44.4, 44.4]
    assert len(scans) == 4


def test_a_table_made_anew_is_written_whole(weigher: Weigher) -> None:
    made = "create table marts.facts__dbt_tmp as (select game_id from marts.games)"
    weigher.weigh([Statement("model.p.facts", made)])
    assert [(scan.table, scan.bytes) for scan in weigher.writes] == [("marts.facts", 222)]


@pytest.mark.parametrize(
    ("strategy", "columns"), [("upsert", 5), ("cdc", 5), ("insert-only", 1), ("append", 0)]
)
def test_a_load_is_billed_for_its_target_unless_it_only_inserts(
    connection: Any, strategy: str, columns: int
) -> None:
    connection.execute(
        "create table raw_archive.box as select player_id as key, 1.0 as a, 2.0 as b, 3.0 as c,"
        " '7' as _dlt_load_id from marts.facts"
    )
    sizes = measure(connection)
    weigher = Weigher(connection, Reader(*catalog(connection), set()), sizes)
    raw = SimpleNamespace(strategy=strategy, key=("key",))
    scans = weigher.of_load("raw_archive.box", raw, 2)
    box = sizes["raw_archive.box"]
    billed_columns = {0: [], 1: [box.columns["key"]], 5: [box.bytes]}[columns]
    counted = [box.columns["_dlt_load_id"]] if columns else []
    targets = [scan.bytes for scan in scans if scan.table == "raw_archive.box"]
    assert targets == billed_columns + counted
    staged = [scan.bytes for scan in scans if scan.table.endswith("_staging")]
    assert staged == ([box.bytes * 0.2] if columns else [])


def test_to_publish_is_billed_for_the_rows_of_other_runs_too(
    reader: Reader, weigher: Weigher
) -> None:
    scans = weigher.of_publication(reader.reads("select * from marts.facts"))
    assert [(s.statement, s.kind, s.bytes) for s in scans] == [
        (1, "publish", 222),
        (2, "publish: old runs", 444),
        (3, "publish: old runs", 666),
    ]


WORLD = World("2 × 10", history=5, night=2, fills={"prices": 3, "forecasts": 7})


@pytest.mark.parametrize(
    ("table", "is_part", "factor"),
    [
        ("marts.facts", False, 5),
        ("marts.facts", True, 2),
        ("marts.facts__dbt_tmp", True, 2),
        ("raw_archive.player_props", False, 15),
        ("raw_archive.player_props", True, 6),
        ("marts.predictions", False, 35),
        ("marts.predictions_staging", False, 35),
        ("marts.predictions", True, 2),
        ("intermediate.tonight", False, 2),
        ("seeds.teams", False, 2),
    ],
)
def test_tables_grow_with_what_they_hold(table: str, is_part: bool, factor: float) -> None:
    scan = Scan(1, "n", "k", table, 1.0, is_part)
    grown = WORLD.of(scan, forecasts={"marts.predictions"}, of_a_run={"intermediate.tonight"})
    assert grown == factor


def test_worlds_are_measured_in_seasons_of_games() -> None:
    facts = {
        "games": 30,
        "games of a season": 10,
        "games with prices": 15,
        "games with a forecast": 3,
    }
    [world] = worlds_of(facts, ["2x6"])
    assert (world.name, world.history, world.night) == ("2 × 6", 4.0, 2)
    assert world.fills == {"prices": 2.0, "forecasts": 10.0}


def test_a_query_pays_ten_mebibytes_for_a_table_at_least() -> None:
    assert billed(1) == LEAST_BILLED == 10 * 1024**2
    assert billed(LEAST_BILLED + 1) == LEAST_BILLED + 1


def test_the_report_adds_up(connection: Any) -> None:
    gib = 2**30
    sizes = measure(connection)
    builds = {
        name: Build(
            cpu_seconds=6.0,
            sizes=sizes,
            scans=[
                Scan(1, "model.p.a", "models", "marts.facts", 2.0 * gib),
                Scan(1, "model.p.a", "models", "marts.games", 0.0),
                Scan(2, "test.p.b", "data tests", "marts.facts", 1.0 * gib),
            ],
            writes=[Scan(0, "model.p.a", "models", "marts.facts", 0.5 * gib)],
        )
        for name in BUILDS
    }
    facts = {"readers listed": 1, "forecast tables": set()}
    text = report(builds, [World("4", 4, 4, {})], facts)
    # 12 GiB and the least for a table; 2 CPU-seconds a GiB; 90 runs of 12 GiB, of which 1024 free
    assert "| daily run | 4 | 2 | 12 | 12 | 8.01 | 2 | 0.07 | 0 | 24 |" in text
    assert "| models | 1 | 8.01 |" in text
    assert "| a | models | marts.facts | 8 |" in text
    assert "| b |" not in text


def test_models_by_date_and_behind_forecasts_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("{{ config(**by_game_date()) }} select 1 from {{ ref('b') }}")
    (tmp_path / "b.sql").write_text("select 1 from {{ source('forecasts', 'forecasts') }}")
    (tmp_path / "d.sql").write_text("select 1 from {{ ref('a') }}")
    (tmp_path / "c.sql").write_text("{{ config(**partitioned_table()) }} select 1")
    assert partitioned_tables(tmp_path) == {"a", "c"}
    assert forecast_tables(tmp_path) == {"a", "b", "d"}


def test_a_load_touches_the_last_nights_and_no_others(connection: Any) -> None:
    connection.execute("create schema raw_archive_staging")
    for schema in ("raw_archive", "raw_archive_staging"):
        connection.execute(
            f"create table {schema}.box as select game_date, '100' as _dlt_load_id from marts.games"
        )
    assert touch(connection, "2024-01-03") == {"raw_archive.box": 2}
    ids = connection.execute(
        "select _dlt_load_id::double from raw_archive.box order by game_date"
    ).fetchall()
    assert [one for (one,) in ids] == [100, 160, 160, 100]
