"""Google's reference evaluator runs the SQL of every node on the rows that DuckDB has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import settings_of
from emulator import Emulator
from googlesql import GoogleSql
from oracle import Verdict, judge
from strict import Project, compiled
from wire import SECOND_EVENING, days
from worlds import raw_copy

from flows.dbt_runner import DbtRunner

# the evaluator takes some microseconds a row and step
HISTORY = timedelta(days=7)
AS_OF = SECOND_EVENING + timedelta(minutes=10)


@dataclass(frozen=True)
class Built:
    """A warehouse built anew on DuckDB, how its tests ended, and the same project for BigQuery."""

    on_duckdb: Path
    statuses: dict[str, str]
    project: Project


@pytest.fixture(scope="module")
def built(bigquery: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Two days with forecasts and grades; everything built once more from their raw rows."""
    folder = tmp_path_factory.mktemp("oracle")
    settings = settings_of(bigquery, folder / "bigquery", bigquery_threads=2)
    lived_in = settings.model_copy(update={"home": folder / "lived"}).for_target("duckdb")
    with days(lived_in, history=HISTORY) as lived:
        lived.first()
        lived.second()
    fresh = raw_copy(lived_in, folder / "fresh")
    result = DbtRunner(fresh).build(vars={"as_of": AS_OF.isoformat()}, full_refresh=True)
    # nothing but the seeds is there, so that the SQL is that of a first build
    dbt = DbtRunner(settings)
    dbt.build(select="resource_type:seed")
    project = compiled(dbt, AS_OF, "--full-refresh")
    return Built(
        fresh.warehouse_path, {node.unique_id: node.status for node in result.nodes}, project
    )


@pytest.fixture(scope="module")
def verdict(built: Built) -> Verdict:
    return judge(GoogleSql(), built.project, built.on_duckdb, built.statuses)


def test_every_model_and_data_test_gives_the_same_rows(built: Built, verdict: Verdict) -> None:
    assert verdict.differences == {}
    assert set(verdict.rows) == {node["name"] for node in built.project.nodes("model")}
    assert verdict.tests == len(built.project.nodes("test")) > 100


def test_it_saw_rows_of_every_kind(verdict: Verdict) -> None:
    for model in ("player_game_summary", "ml_feature_store", "prediction_accuracy", "todays_slate"):
        assert verdict.rows[model] > 100
