"""Google's reference evaluator runs the SQL of every node on the rows that DuckDB has."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from compared import ORACLE, note
from emulator import Emulator
from googlesql import GoogleSql, SqlRejected
from here import PATIENT, on_duckdb, settings_of
from oracle import Verdict, data_tests, is_too_large, judge
from partition_filters import required_filters, unrestricted_reads
from strict import Project, compiled
from wire import SECOND_EVENING
from worlds import project_copy, raw_copy

from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

AS_OF = SECOND_EVENING + timedelta(minutes=10)
# The evaluator holds a statement's rows in 128 MB: points of all, everything of every eighth.
FEWER = """
delete from raw_forecasts.forecasts
where (system != 'catboost' or market != 'points') and hash(player_id) % 8 != 0
"""


@dataclass(frozen=True)
class Built:
    """A warehouse built anew on DuckDB, how its tests ended, and the same project for BigQuery."""

    on_duckdb: Path
    statuses: dict[str, str]
    project: Project


@pytest.fixture(scope="module")
def built(
    bigquery: Emulator, two_days: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """Two days with forecasts and grades; everything built once more from their raw rows."""
    folder = tmp_path_factory.mktemp("oracle")
    settings = settings_of(bigquery, folder / "bigquery", bigquery_threads=2, **PATIENT)
    fresh = raw_copy(Settings(home=two_days[1].parent), folder / "fresh")
    with duckdb.connect(str(fresh.warehouse_path)) as connection:
        connection.execute(FEWER)
    result = DbtRunner(fresh).build(vars={"as_of": AS_OF.isoformat()}, full_refresh=True)
    # nothing but the seeds is there, so that the SQL is that of a first build
    dbt = DbtRunner(settings)
    assert dbt._invoke(["seed"]).success
    project = compiled(dbt, AS_OF, "--full-refresh")
    return Built(
        fresh.warehouse_path, {node.unique_id: node.status for node in result.nodes}, project
    )


@pytest.fixture(scope="module")
def verdict(built: Built) -> Verdict:
    return judge(GoogleSql(), built.project, built.on_duckdb, built.statuses)


def test_every_model_and_data_test_gives_the_same_rows(built: Built, verdict: Verdict) -> None:
    assert verdict.differences == {}
    judged = [node for node in built.project.nodes("model") if not is_too_large(node)]
    assert set(verdict.rows) == {node["name"] for node in judged}
    assert len(judged) > 120
    assert verdict.tests == len(data_tests(built.project)) > 100
    note(ORACLE, verdict.rows)


def test_it_saw_rows_of_every_kind(verdict: Verdict) -> None:
    for model in ("player_game_summary", "ml_feature_store", "prediction_accuracy", "todays_slate"):
        assert verdict.rows[model] > 100


EVERY = "where {{ every_game_date() }}"
GAMES = "from {{ ref('player_game_summary') }}"
WEEK = "cast({{ dbt.date_trunc('week', 'game_date') }} as date)"
# what a model must not say: (SQL that DuckDB takes, the suite that stops it)
BITES = {
    "text_equals_number": (f"select pts {GAMES} {EVERY} and '3' = pts", "strict"),
    "median": (f"select median(pts) as pts {GAMES} {EVERY}", "strict"),
    "several_columns_in_subquery": (
        f"select pts {GAMES} {EVERY} and (game_id, team_id) in "
        f"(select game_id, team_id {GAMES} {EVERY} and is_home)",
        "strict",
    ),
    "range_over_dates": (
        "select sum(pts) over (partition by player_id order by game_date asc "
        f"range between interval 7 day preceding and current row) as pts {GAMES} {EVERY}",
        "strict",
    ),
    "cast_with_colons": (f"select pts::bigint as pts {GAMES} {EVERY}", "strict"),
    "division_by_zero": (f"select pts / (fga - fga) as pts {GAMES} {EVERY}", "oracle"),
    "greatest_with_null": (
        "select player_game_id, greatest(pts, case when is_home then reb end) as most "
        f"{GAMES} {EVERY}",
        "oracle",
    ),
    "order_of_nulls": (
        "select player_game_id, row_number() over "
        f"(partition by team_id order by pts asc, player_game_id asc) as place {GAMES} {EVERY}",
        "oracle",
    ),
    "half_rounded": (
        "select player_game_id, cast(pts / cast(2 as {{ type_double() }}) as "
        f"{{{{ dbt.type_bigint() }}}}) as half {GAMES} {EVERY}",
        "oracle",
    ),
    "start_of_a_week": (f"select player_game_id, {WEEK} as week {GAMES} {EVERY}", "oracle"),
    "no_partition_filter": (f"select count(*) as n {GAMES}", "partition filters"),
}


@pytest.fixture(scope="module")
def stopped_by(
    built: Built, bigquery: Emulator, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, set[str]]:
    """By model of `BITES`, the suites that stop it; DuckDB builds them all."""
    folder = tmp_path_factory.mktemp("bites")
    name = "name: nba_props"
    copied = project_copy(folder / "project", "dbt_project.yml", name, name)
    bites = copied / "models" / "marts" / "bites"
    bites.mkdir()
    for bite, (sql, _) in BITES.items():
        (bites / f"{bite}.sql").write_text(sql)
    settings = settings_of(bigquery, folder / "bigquery", bigquery_threads=2, **PATIENT)
    ours = on_duckdb(settings, folder / "duckdb")
    ours.home.mkdir()
    shutil.copy(built.on_duckdb, ours.warehouse_path)
    variables = {"as_of": AS_OF.isoformat()}
    DbtRunner(ours, project_dir=copied).build(select="marts.bites", vars=variables)
    project = compiled(DbtRunner(settings, project_dir=copied), AS_OF, "--select", "marts.bites")
    googlesql = GoogleSql()
    judged = judge(googlesql, project, ours.warehouse_path, {}, only=set(BITES)).differences
    required = required_filters(project.manifest)
    found: dict[str, set[str]] = {}
    for node in project.nodes("model"):
        if node["name"] in BITES:
            sql = project.sql(node)
            found[node["name"]] = {
                *(["strict"] if is_rejected(googlesql, sql) else []),
                *(["oracle"] if node["name"] in judged else []),
                *(["partition filters"] if unrestricted_reads(sql, required) else []),
            }
    return found


def is_rejected(googlesql: GoogleSql, sql: str) -> bool:
    try:
        googlesql.analyze(sql)
    except SqlRejected:
        return True
    return False


@pytest.mark.parametrize("name", BITES)
def test_what_bigquery_says_differently_is_stopped(
    name: str, stopped_by: dict[str, set[str]]
) -> None:
    assert BITES[name][1] in stopped_by[name]
