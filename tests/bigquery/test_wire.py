"""Two days over the wire: equal to DuckDB, in BigQuery's own words, and by constant dates."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from compared import OF_EVALUATIONS, STRICT, WIRE, note
from emulator import Emulator
from googlesql import GoogleSql
from here import PATIENT, settings_of
from partition_filters import required_filters, unrestricted_reads
from strict import (
    CHECKED,
    Project,
    compiled,
    rejected_nodes,
    rejected_statements,
    stored_columns,
)
from wire import SECOND_EVENING, compare, days, made_with, statements


@dataclass(frozen=True)
class Wired:
    """What two days left on both engines."""

    project_id: str
    on_duckdb: tuple[Path, Path]
    dumped: tuple[Path, Path]
    statements: list[str]
    project: Project


@pytest.fixture(scope="module")
def wired(
    bigquery: Emulator, two_days: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Wired:
    """The first day and the second, on DuckDB and on BigQuery; then every node compiled anew."""
    folder = tmp_path_factory.mktemp("wired")
    settings = settings_of(bigquery, folder / "bigquery", bigquery_threads=2, **PATIENT)
    with days(settings) as lived:
        lived.first()
        first_dump = bigquery.dump(folder / "first.duckdb", settings.bigquery_project)
        lived.second()
        second_dump = bigquery.dump(folder / "second.duckdb", settings.bigquery_project)
        project = compiled(lived.dbt, SECOND_EVENING)
    return Wired(
        settings.bigquery_project,
        two_days,
        (first_dump, second_dump),
        statements(bigquery, settings),
        project,
    )


@pytest.mark.parametrize("day", [0, 1], ids=["first build", "second build"])
def test_every_table_is_equal_on_both_engines(wired: Wired, day: int) -> None:
    rows, differences = compare(wired.on_duckdb[day], wired.dumped[day], wired.project_id)

    assert differences == []
    assert rows["marts.player_prop_predictions"] > 0
    assert rows["raw_balldontlie.player_stats"] > 0
    compared = {relation.partition(".")[2] for relation in rows}
    assert {n["name"] for n in wired.project.nodes("model")} - compared == OF_EVALUATIONS
    note(WIRE[day], rows)


def test_a_value_that_differs_is_found(wired: Wired, tmp_path: Path) -> None:
    changed = Path(shutil.copy(wired.dumped[1], tmp_path))
    table = f'"{wired.project_id}__marts"."player_game_summary"'
    with duckdb.connect(str(changed)) as connection:
        connection.execute(f"update {table} set usage_rate = usage_rate + 1e-8 where pts = 20")
        connection.execute(f'drop table "{wired.project_id}__marts"."games"')

    _, differences = compare(wired.on_duckdb[1], changed, wired.project_id, r"marts\..*")

    found = {difference.relation: difference.columns for difference in differences}
    assert found["marts.player_game_summary"] == ("usage_rate",)
    assert "game_id" in found["marts.games"]


def test_bigquery_takes_every_compiled_node_and_its_contract(wired: Wired) -> None:
    stored = stored_columns(wired.dumped[1], wired.project_id)

    assert rejected_nodes(GoogleSql(), wired.project, stored) == {}
    assert len(wired.project.nodes(*CHECKED)) > 200
    note(
        STRICT,
        {
            node["name"]: "contract" if node["config"]["contract"]["enforced"] else "yes"
            for node in wired.project.nodes("model")
        },
    )


def test_bigquery_takes_every_statement_that_was_sent(wired: Wired) -> None:
    stored = stored_columns(wired.dumped[1], wired.project_id)

    refused, unjudged = rejected_statements(GoogleSql(), wired.statements, stored)

    assert refused == []
    assert unjudged == []
    assert len(wired.statements) > 500


def test_large_tables_are_read_by_constant_dates(wired: Wired) -> None:
    required = required_filters(wired.project.manifest)
    nodes = wired.project.nodes(*CHECKED)
    found = {n["name"]: unrestricted_reads(wired.project.sql(n), required) for n in nodes}
    sent = [sql for sql in wired.statements if unrestricted_reads(sql, required)]

    assert {name: tables for name, tables in found.items() if tables} == {}
    assert sent == []
    assert len(required) >= 10


def test_large_tables_are_made_by_date_and_nothing_expires(wired: Wired) -> None:
    made = made_with(wired.statements)
    kept = {node["name"]: node["config"] for node in wired.project.nodes("model")}

    for table in required_filters(wired.project.manifest):
        clusters = ", ".join(kept[table.partition(".")[2]]["cluster_by"])
        assert "partition by game_date" in made[table]
        assert f"cluster by {clusters}" in made[table]
        assert "require_partition_filter=true" in made[table]
    assert len(made) > 80
    assert [name for name, words in made.items() if "expiration_timestamp" in words] == []
