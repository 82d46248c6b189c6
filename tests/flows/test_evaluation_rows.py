"""What an evaluation reads, from a warehouse that holds the made-up league."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from made_up_league import FEATURES, day, made_up_examples, with_rivals

from flows.errors import ArgumentError
from flows.evaluation_rows import Asked, read_season
from flows.forecasting.errors import TrainingError
from loaders.settings import Settings

ASKED = Asked("2030-31", ("points",), "BASE")
WORLD = """
    create schema marts; create schema seeds; create schema intermediate;
    create table marts.ml_training_examples as
    select
        * exclude (season_average_points, ewma_points), '2030-31' as season,
        case when game_date >= date '2031-02-20' then 'Playoffs' else 'Regular Season' end
            as season_type
    from rows;
    create table marts.baseline_means as
    select feature_row_id, game_date, information_set, season_average_points, ewma_points
    from rows where player_id <> 'p001';
    create table marts.games as
    select distinct game_id, game_date, season, season_type, true as is_final
    from marts.ml_training_examples;
    create table seeds.systems as
    select * from (values
        ('season_average', 'sql', null), ('ewma', 'sql', 0.2::double), ('catboost', 'catboost', 0.8)
    ) as t(system, kind, weight);
    create table seeds.feature_contract as
    select feature, if(feature in ('opponent', 'is_home'), feature, 'form') as feature_group,
        true as is_model_input
    from (select unnest(features) as feature)
    union all select 'points_line', 'market', false;
    create table intermediate.int_prop_lines__closing as
    select
        player_id, game_id, unnest(['points', 'threes']) as market, line,
        market_probability as over_probability, over_price as best_over_price,
        under_price as best_under_price, over_bookmaker as best_over_bookmaker,
        under_bookmaker as best_under_bookmaker, line_known_at as known_at
    from rows
    where line is not null;
    create table intermediate.int_evaluations__newcomers as
    select
        'new ' || feature_row_id as feature_row_id, 'newcomer' as player_id, game_id, game_date,
        information_set, cut_off_at, '2030-31' as season, 'Regular Season' as season_type, is_home,
        actual_points, actual_rebounds, actual_assists, actual_threes, result_known_at,
        source_load_id,
        (
            select feature_row_id from rows
            where player_id = 'p004' and game_date = date '2031-01-08'
        ) as form_row_id
    from rows where player_id = 'p003' and game_date in (date '2031-01-11', date '2031-01-12');
    update intermediate.int_evaluations__newcomers
    set form_row_id = null where game_date = date '2031-01-12';
    create table marts.ml_feature_store as select * from marts.ml_training_examples;
    create table marts.ceiling_absences as
    select feature_row_id, player_id, game_id, game_date, 99.0 as opponent, 5 as of_no_feature
    from marts.ml_training_examples where player_id = 'p002';
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(home=tmp_path_factory.mktemp("home"))
    rows = with_rivals(made_up_examples(players=6, days=60))
    world = WORLD.replace("unnest(features)", f"unnest({list(FEATURES)})")
    with duckdb.connect(str(made.warehouse_path)) as connection:
        connection.register("rows", rows)
        connection.execute(world)
    return made


def column(rows: pa.Table, name: str, of: str) -> list[Any]:
    chosen = [one == of for one in rows["player_id"].to_pylist()]
    return rows.filter(pa.array(chosen))[name].to_pylist()


def test_the_regular_season_is_scored_and_no_later_row_is_read(settings: Settings) -> None:
    season = read_season(settings, ASKED)
    assert (season.start, season.end, season.is_whole) == (day(0), day(49), True)
    assert max(season.examples["game_date"].to_pylist()) == day(49)
    assert season.scored.to_pylist() == [True] * (6 * 50 + 2)
    assert season.features == FEATURES
    assert season.systems == ("ewma", "season_average")
    assert season.weights == {"ewma": 0.2, "catboost": 0.8}
    dates = season.examples["game_date"].to_pylist()
    assert dates == sorted(dates)


def test_who_came_from_nowhere_is_scored_with_what_he_did_elsewhere(settings: Settings) -> None:
    season = read_season(settings, ASKED)
    assert column(season.examples, "game_date", "newcomer") == [day(10), day(11)]
    for name in ("is_home", "actual_points"):
        assert (
            column(season.examples, name, "newcomer")
            == (column(season.examples, name, "p003")[10:12])
        )
    for name in ("form", "minutes"):
        last_asked = column(season.examples, name, "p004")[7]
        assert column(season.examples, name, "newcomer") == [last_asked, None]
    for name in ("opponent", "minutes_ewma_6", "ewma_points"):
        assert column(season.examples, name, "newcomer") == [None, None]


def test_a_window_is_scored_and_all_before_it_is_learnt_from(settings: Settings) -> None:
    season = read_season(settings, replace(ASKED, start=day(20), end=day(30)))
    assert (season.start, season.end, season.is_whole) == (day(20), day(30), False)
    assert min(season.examples["game_date"].to_pylist()) == day(0)
    scored = season.examples.filter(season.scored)["game_date"].to_pylist()
    assert (min(scored), max(scored)) == (day(20), day(30))


def test_the_playoffs_are_scored_when_they_are_asked_for(settings: Settings) -> None:
    season = read_season(settings, replace(ASKED, with_playoffs=True))
    assert (season.start, season.end, season.is_whole) == (day(0), day(59), False)
    types = season.examples.filter(season.scored)["season_type"].to_pylist()
    assert (types.count("Regular Season"), types.count("Playoffs")) == (6 * 50 + 2, 6 * 10)


def test_systems_and_lines_stand_beside_the_rows_they_speak_of(settings: Settings) -> None:
    season = read_season(settings, ASKED)
    rows = season.of_market("points")
    assert set(column(rows, "ewma_points", "p001")) == {None}
    assert None not in column(rows, "ewma_points", "p002")
    true_line = with_rivals(made_up_examples(players=6, days=60))
    wanted = {
        (p, g): line
        for p, g, line in zip(
            *(true_line[name].to_pylist() for name in ("player_id", "game_id", "line")), strict=True
        )
    }
    keys = zip(rows["player_id"].to_pylist(), rows["game_id"].to_pylist(), strict=True)
    assert rows["line"].to_pylist() == [wanted.get(key) for key in keys]
    assert set(season.of_market("rebounds")["line"].to_pylist()) == {None}


def test_the_ceiling_replaces_features_by_name_where_it_knows_the_row(settings: Settings) -> None:
    plain = read_season(settings, ASKED)
    ceiling = read_season(settings, replace(ASKED, is_ceiling=True))
    assert set(column(ceiling.examples, "opponent", "p002")) == {99.0}
    for player in ("p001", "p003"):
        assert column(ceiling.examples, "opponent", player) == column(
            plain.examples, "opponent", player
        )
    assert ceiling.examples["minutes"].equals(plain.examples["minutes"])
    assert ceiling.examples.column_names == plain.examples.column_names
    assert ceiling.digest != plain.digest
    assert plain.digest == read_season(settings, ASKED).digest


def test_what_there_is_nothing_of_is_said(settings: Settings) -> None:
    with pytest.raises(ArgumentError, match="'1999-00' has no finished game; there are 2030-31"):
        read_season(settings, replace(ASKED, season="1999-00"))
    with pytest.raises(TrainingError, match="no player-game"):
        read_season(settings, replace(ASKED, start=day(55)))
