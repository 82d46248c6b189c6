"""What the project asks the warehouse, asked on BigQuery, gives what it gives on DuckDB."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from here import TOKEN, on_duckdb, settings_of
from partition_filters import unrestricted_reads
from published_models import RUN
from rich.console import Console

from flows import (
    demo,
    evaluation_rows,
    modelling,
    players,
    publish,
    render,
    runs,
    sources,
    steps,
    warehouse,
    whatif,
)
from flows.evaluation_rows import Asked
from flows.forecasting.evaluation import CONTEXT
from flows.progress import SilentReporter
from loaders.engines import engine
from loaders.engines.bigquery_client import execute, make_dataset
from loaders.errors import QueryFailed, WarehouseMissing
from loaders.settings import Settings

DAY = date(2026, 1, 15)
TIPOFF = datetime(2026, 1, 16, 0, 0, tzinfo=UTC)
AS_OF = TIPOFF - timedelta(minutes=30)
GROUPS = {"alpha": "form", "beta": "rest"}
FEATURES = tuple(GROUPS)
SYSTEMS = ("ewma",)
EVALUATION = Asked("2025-26", ("points",), "TIP")


def at(instant: datetime | None) -> str:
    """SQL of an instant that both engines read, once it is cast to theirs."""
    return (
        "cast(null as INSTANT)" if instant is None else f"cast('{instant.isoformat()}' as INSTANT)"
    )


def examples() -> str:
    """Two games known in time, one known too late, one of another set."""
    known = [
        AS_OF - timedelta(hours=1),
        AS_OF - timedelta(days=2),
        AS_OF,
        AS_OF - timedelta(days=3),
    ]
    rows = []
    for number, known_at in enumerate(known):
        given = {
            "player_id": f"'p{number}'",
            "game_id": f"'g{number}'",
            "game_date": f"date '{DAY - timedelta(days=number)}'",
            "information_set": "'BASE'" if number == 3 else "'TIP'",
            "result_known_at": at(known_at),
            "source_load_id": "'1'",
            "feature_row_id": f"'f{number}'",
            "cut_off_at": at(known_at),
            "season": "'2025-26'",
            "season_type": "'Regular Season'",
            "is_home": "true",
            "alpha": "0.5",
            "beta": "cast(null as NUMBER)",
        }
        names = dict.fromkeys(
            [*modelling.example_columns(FEATURES), *CONTEXT, "season", "season_type"]
        )
        rows.append(", ".join(f"{given.get(name, number)} as {name}" for name in names))
    return " union all ".join(f"select {row}" for row in rows)


# All that Python reads of what has a row a player and game, or more.
DATED = dict.fromkeys(
    (
        "marts.ml_training_examples",
        "marts.ml_feature_store",
        "marts.baseline_means",
        "marts.upcoming_slate",
    ),
    "game_date",
)
SCHEMAS = ("marts", "reports", "seeds", "audit", "intermediate")
TABLES = {
    "marts.games": f"select 'g1' as game_id, date '{DAY}' as game_date, {at(TIPOFF)} as tipoff_at"
    f" union all select 'g2', date '{DAY}', {at(TIPOFF + timedelta(hours=2))}"
    f" union all select 'g3', date '{DAY}', {at(None)}"
    f" union all select 'g4', date '2026-01-14', {at(TIPOFF - timedelta(days=1))}",
    "marts.upcoming_slate": "select 'f0' as feature_row_id, 'p1' as player_id,"
    f" 'g1' as game_id, date '{DAY}' as game_date, 'TIP' as information_set,"
    f" {at(TIPOFF)} as tipoff_at,"
    " cast(null as TEXT) as skip_reason, 0.5 as alpha, cast(null as NUMBER) as beta"
    f" union all select 'f8', 'p2', 'g1', date '{DAY}', 'BASE', {at(TIPOFF)}, null, 1.5, 2.5",
    "marts.baseline_means": " union all ".join(
        f"select 'f{number}' as feature_row_id, date '{DAY - timedelta(days=days)}' as game_date,"
        " 'TIP' as information_set, 1.5 as ewma_points, 2.5 as ewma_rebounds,"
        " cast(null as NUMBER) as ewma_assists, 0.5 as ewma_threes"
        for number, days in ((0, 0), (1, 1), (2, 2))
    ),
    "seeds.systems": "select 'ewma' as system, 'sql' as kind, 0.25 as weight"
    " union all select 'catboost', 'catboost', 0.75",
    "intermediate.int_evaluations__newcomers": "select 'f9' as feature_row_id,"
    f" 'p9' as player_id, 'g0' as game_id, date '{DAY}' as game_date, 'TIP' as information_set,"
    f" {at(AS_OF)} as cut_off_at, '2025-26' as season, 'Regular Season' as season_type,"
    " false as is_home, 3 as actual_points, 2 as actual_rebounds, 1 as actual_assists,"
    f" 0 as actual_threes, {at(TIPOFF)} as result_known_at, '2' as source_load_id,"
    " 'f8' as form_row_id",
    "marts.ml_feature_store": f"select 'f8' as feature_row_id, date '{DAY}' as game_date,"
    " 0.25 as alpha, 0.75 as beta",
    "marts.slate_changes": "select 'p1' as player_id, 'g1' as game_id, 'h1' as input_hash,"
    " true as is_changed union all select 'p2', 'g1', 'h2', false",
    "seeds.feature_contract": "select 'beta' as feature, 'form' as feature_group,"
    " true as is_model_input union all select 'alpha', 'rest', true"
    " union all select 'gamma', 'market', false",
    "marts.ml_training_examples": examples(),
    "audit.feature_builds": f"select {at(AS_OF)} as built_as_of, {at(AS_OF)} as settled_at",
    "audit.loads_pending": "select true as is_news",
    "reports.todays_slate": f"select 'Ann Able' as player_name, 'points' as market, 20.5 as line,"
    " 105 as over_price_american, -125 as under_price_american,"
    " cast(22.9 as NUMBER) as predicted_value,"
    " 0.58 as probability_over, 0.05 as edge, 'OVER' as recommendation, 50.0 as confidence,"
    f" cast(null as TEXT) as reason, date '{DAY}' as game_date, {at(TIPOFF)} as tipoff_at,"
    " 'live' as run_mode, 'BOS' as team_abbreviation, 'NYK' as opponent_abbreviation,"
    " 'bovada' as bookmaker, 'p1' as player_id, 'f1' as forecast_id, 'TIP' as information_set,"
    f" {at(AS_OF)} as as_of, 17 as quantile_10, 29 as quantile_90"
    " union all select 'Bea Bold', 'assists', 4.5, -110, -110, 4.4, 0.5, null, 'PASS', 20.0, null,"
    f" date '{DAY}', {at(TIPOFF)}, 'live', 'BOS', 'NYK', 'bovada', 'p2', 'f2', 'TIP',"
    f" {at(AS_OF)}, 2, 7"
    " union all select 'Cleo Cold', 'points', null, null, null, null, null, null, null, null,"
    f" 'ruled out', date '{DAY}', {at(TIPOFF)}, 'live', 'BOS', 'NYK', null, 'p3', null, null,"
    f" {at(None)}, null, null",
    "reports.todays_distributions": "select 'f1' as forecast_id, 20 as value,"
    " cast(0.4 as NUMBER) as cumulative_probability union all select 'f1', 21, 1.0",
    "marts.players": "select 'p1' as player_id, 'Ann Able' as player_name, 'annable' as"
    " normalized_name union all select 'p3', 'Cleo Cold', 'cleocold'",
    "marts.prediction_coverage": f"select 'p1' as player_id, date '{DAY}' as game_date,"
    " 'PREDICTED' as reason",
    "seeds.source_requirements": "select 'injuries' as need, 'balldontlie' as source,"
    " 'player_injuries' as resource, false as is_required, 'overnight|same_day' as modes,"
    " cast(1.0 as NUMBER) as minimum_share, 'Wait.' as remedy"
    " union all select 'zones', 'archive', 'shots', false,"
    " cast(null as TEXT), 1.0, '' union all select 'boxes', 'balldontlie', 'player_stats', true,"
    " 'overnight', 0.8, ''",
    "audit.source_readiness": f"select 'injuries' as need, date '{DAY}' as game_date,"
    f" {at(AS_OF)} as latest_at, {at(TIPOFF)} as expires_at, 1 as expected, 1 as present",
}


def fill(settings: Settings) -> Settings:
    """Make the tables, the ledger and a publication."""
    is_bigquery = settings.bigquery_api_endpoint and settings.target not in ("duckdb", "sandbox")
    types = {"INSTANT": "timestamp", "NUMBER": "float64", "TEXT": "string"}
    if not is_bigquery:
        types = {"INSTANT": "timestamptz", "NUMBER": "double", "TEXT": "varchar"}
    statements = []
    for name, select in TABLES.items():
        for word, kind in types.items():
            select = select.replace(f" as {word})", f" as {kind})")
        statements.append(f"create table {name} as {select}")
    if is_bigquery:
        for schema in SCHEMAS:
            make_dataset(settings, schema)
        for statement in statements:
            execute(settings, statement)
    else:
        settings.warehouse_path.parent.mkdir(parents=True)
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            for statement in [*(f"create schema {name}" for name in SCHEMAS), *statements]:
                connection.execute(statement)
    runs._write(settings, [replace(RUN, status="completed", game_date_from=DAY, game_date_to=DAY)])
    publish.publish(settings, RUN, now=RUN.as_of)
    return settings


@pytest.fixture(scope="module")
def filled(bigquery: object, tmp_path_factory: pytest.TempPathFactory) -> list[Settings]:
    """A DuckDB and a BigQuery with the same tables."""
    on_bigquery = settings_of(bigquery, tmp_path_factory.mktemp("bigquery"))
    home = tmp_path_factory.mktemp("duckdb") / "home"
    return [fill(on_duckdb(on_bigquery, home)), fill(on_bigquery)]


def plain(found: object) -> object:
    """A result without what engines may choose: integer widths, row order, the zone's name."""
    if isinstance(found, steps.Slate):
        return (plain(found.rows), found.information_set, found.games, found.first_tipoff)
    if isinstance(found, pa.Table):
        rows = [
            {k: v.timestamp() if isinstance(v, datetime) else v for k, v in row.items()}
            for row in found.to_pylist()
        ]
        return found.column_names, sorted(rows, key=repr)
    return found


def printed(settings: Settings, market: str | None = None) -> str:
    out = io.StringIO()
    Console(file=out, width=200).print(render.slate(settings, market=market))
    return out.getvalue()


ASKED: dict[str, Callable[[Settings], object]] = {
    "first tipoff": lambda s: warehouse.first_tipoff(s, DAY),
    "slate": lambda s: steps.read_slate(s, game_date=DAY, as_of=AS_OF, information_set=None),
    "features": modelling.read_features,
    "systems": modelling.read_systems,
    "examples": lambda s: modelling.read_examples(
        s, FEATURES, SYSTEMS, as_of=AS_OF, information_set="TIP"
    ),
    "examples of an evaluation": lambda s: evaluation_rows._examples(
        s, EVALUATION, GROUPS, SYSTEMS, DAY
    ),
    "groups": modelling.read_groups,
    "weights": modelling.read_weights,
    "unsettled": lambda s: evaluation_rows.settle(s, SilentReporter()),
    "pending": lambda s: warehouse.query(s, "select count(*) as n from audit.loads_pending"),
    "has run": lambda s: demo._has_run(s, "daily", DAY),
    "loaded to": lambda s: demo._loaded_to(s, "balldontlie", DAY),
    "last seen": demo._last_seen_at,
    "printed slate": printed,
    "printed slate of a market": lambda s: printed(s, "points"),
    "what if": lambda s: whatif.what_if(
        s, player="Ann Able", market="points", line=20, price="-110"
    ),
    "who is on the slate": lambda s: players.find_on_slate(s, ["Ann Able"], game_date=DAY),
    "sources": lambda s: [
        sources.states(s, game_date=day, mode="overnight", now=now)
        for day in (DAY, DAY + timedelta(days=1))
        for now in (AS_OF, TIPOFF)
    ],
    "publication": lambda s: warehouse.query_published(s, "select * from published.publication"),
}


@pytest.mark.parametrize("name", ASKED)
def test_the_answers_are_the_same(filled: list[Settings], name: str) -> None:
    on_duckdb, on_bigquery = (plain(ASKED[name](settings)) for settings in filled)
    assert on_bigquery == on_duckdb
    assert on_bigquery is not None or name in ("unsettled", "loaded to")


def test_large_tables_are_asked_for_constant_dates(
    filled: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = filled[1]
    asked: list[str] = []
    query = warehouse.query

    def noted(of: Settings, sql: str, *rest: object) -> pa.Table:
        asked.append(sql)
        return query(of, sql, *rest)

    monkeypatch.setattr(warehouse, "query", noted)
    for one in ASKED.values():
        one(settings)
    for name in DATED:
        assert any(name in sql for sql in asked), name
        assert unrestricted_reads(f"select * from {name}", DATED) == [name]
    assert [sql for sql in asked if unrestricted_reads(sql, DATED)] == []


def test_values_go_in_and_come_out_by_their_types(bq_settings: Settings) -> None:
    instant = datetime(2026, 1, 15, 17, 0, 0, 250, tzinfo=UTC)
    values = [7, 2**53 + 1, -0.1, "it's ?", True, DAY, instant, None]
    names = [f"v{number}" for number in range(len(values))]
    found = engine(bq_settings).query(
        "select " + ", ".join(f"? as {name}" for name in names), values
    )
    assert list(found.to_pylist()[0].values()) == values
    assert [str(field.type) for field in found.schema] == [
        *("int64", "int64", "double", "string", "bool", "date32[day]"),
        *("timestamp[us, tz=UTC]", "string"),
    ]
    picked = engine(bq_settings).query("select 1 as one where 2 in unnest(?)", [[1, 2]])
    assert picked.num_rows == 1


@pytest.mark.parametrize("value", [TIPOFF.replace(tzinfo=None), b"bytes", object()])
def test_a_value_without_a_type_is_refused(bq_settings: Settings, value: object) -> None:
    with pytest.raises(QueryFailed):
        engine(bq_settings).query("select ? as v", [value])


def test_more_rows_than_a_page_holds_come_whole(bq_settings: Settings) -> None:
    sql = "select n, cast(n as string) as t from unnest(generate_array(1, 25000)) as n"
    found = engine(bq_settings).query(sql)
    assert found.num_rows == 25_000
    assert sorted(found["n"].to_pylist()) == list(range(1, 25_001))


@pytest.mark.parametrize(
    "sql",
    [
        "delete from marts.games where true",
        "insert into marts.games (game_id) values ('x')",
        "create table marts.other as select 1 as one",
        "drop table marts.games",
        "select 1; drop table marts.games",
        "",
        "selec 1",
    ],
)
def test_only_one_select_can_be_asked(filled: list[Settings], sql: str) -> None:
    for ask in (warehouse.query, warehouse.query_published):
        with pytest.raises(QueryFailed, match=r"only one select|not understood"):
            ask(filled[1], sql)
    assert warehouse.query(filled[1], "select * from marts.games").num_rows == 4


def test_what_is_not_there_is_named(bq_settings: Settings, filled: list[Settings]) -> None:
    with pytest.raises(WarehouseMissing, match=r"marts.*build it first"):
        warehouse.query(bq_settings, "select * from marts.games")
    with pytest.raises(WarehouseMissing, match="nothing is published in BigQuery project-"):
        render.slate(bq_settings)
    assert not warehouse.relation_exists(bq_settings, "marts.games")
    assert warehouse.relation_exists(filled[1], "marts.games")
    with pytest.raises(WarehouseMissing, match="staging"):
        warehouse.query_published(filled[1], "select * from staging.anything")
    with pytest.raises(QueryFailed, match="colour") as failed:
        warehouse.query(filled[1], "select colour from marts.games")
    assert TOKEN not in str(failed.value)
    assert "http" not in str(failed.value)
    assert "\n" not in str(failed.value)


def test_people_cannot_ask_the_published_copy_for_private_models(filled: list[Settings]) -> None:
    for settings in filled:
        with pytest.raises(WarehouseMissing):
            warehouse.query_published(settings, "select * from marts.ml_training_examples")


def test_nothing_but_the_home_is_written(bq_settings: Settings, tmp_path: Path) -> None:
    with warehouse.writing(bq_settings):
        pass
    assert not bq_settings.warehouse_path.exists()
    assert list(tmp_path.iterdir()) == []
