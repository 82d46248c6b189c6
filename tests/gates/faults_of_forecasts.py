"""Faults of features and of predictions."""

from __future__ import annotations

from datetime import UTC, date, datetime

from scenario import SLATE, STATS, Edit, Expected, Scenario

FEATURES = Scenario(
    name="features",
    layer="features",
    sql=(
        f"""{STATS} dreb = 300 - oreb, reb = 300 where id = (
            select id from raw_balldontlie.player_stats
            where team_id = home('2026-01-15', 0) and game_date <= date '2026-01-13' and min > '20'
            order by game_date desc, id limit 1
        )""",
        """update raw_odds_api.game_lines set point = 0, _dlt_load_id = new_load()
        where market = 'spreads' and commence_time > timestamptz '2026-01-15 12:00:00+00'""",
        """update raw_balldontlie.games
        set status = '2026-01-15T00:00:00Z', period = 0, _dlt_load_id = new_load()
        where game_date = date '2026-01-14'""",
        "update raw_balldontlie._dlt_loads set inserted_at = timestamptz '2026-01-12 22:10:00+00'",
    ),
    expects=(
        Expected(
            "every_feature_is_within_its_contract",
            "error",
            1,
            SLATE,
            "300 rebounds in a game",
            "rebounds_avg_last_3",
        ),
        Expected(
            "no_feature_is_constant_over_a_full_slate",
            "error",
            0,
            SLATE,
            "every spread is 0",
            "spread",
        ),
        Expected(
            "the_last_game_day_is_known", "error", 0, SLATE, "yesterday's games are not final"
        ),
        Expected(
            "injury_reports_are_fresh",
            "warn",
            72,
            SLATE,
            "the last load is three days old",
            near=0.01,
        ),
    ),
)

FEATURES_EDITED = Scenario(
    name="features_edited",
    layer="features",
    edits=(
        Edit(
            "models/marts/features/ml_feature_store.sql",
            "        {% for column in [\n            'team_pace', 'team_offensive_rating',",
            "        cast(null as {{ type_double() }}) as team_pace,\n"
            "        {% for column in [\n            'team_offensive_rating',",
        ),
        Edit(
            "models/marts/features/ml_feature_store.sql",
            "        factors.fatigue_score,\n",
            "        cast(0 as {{ type_double() }}) as fatigue_score,\n",
        ),
        Edit(
            "models/marts/features/ml_feature_store.sql",
            "        players.inputs_known_at,\n",
            "        players.cut_off_at as inputs_known_at,\n",
        ),
        Edit(
            "models/marts/features/ml_feature_store.sql",
            "        on players.player_question_id = factors.player_question_id\n",
            "        on players.player_question_id = factors.player_question_id\n"
            "    where players.is_home or players.information_set != 'TIP'\n",
        ),
    ),
    why_edited="the feature store takes every player of the context, his cut, his team's form",
    expects=(
        Expected(
            "no_feature_is_missing_for_everybody",
            "error",
            1,
            SLATE,
            "a feature is null for everybody",
            "team_pace",
        ),
        Expected(
            "no_feature_is_constant_over_a_full_slate",
            "error",
            0,
            SLATE,
            "fatigue_score is 0 for everybody",
            "fatigue_score",
        ),
        Expected(
            "every_context_player_has_a_feature_row",
            "error",
            5 / 6,
            SLATE,
            "away players are lost from one of three information sets",
        ),
        Expected(
            "no_feature_knows_anything_younger_than_its_cut",
            "error",
            "count(*) * 5 / 6 from marts.ml_feature_store where game_date = date '2026-01-15'",
            SLATE,
            "inputs are as young as the cut",
        ),
    ),
)

PREDICTIONS = Scenario(
    name="predictions",
    layer="predictions",
    half="forecasts",
    sql=(
        """update raw_forecasts.forecasts set variance = mean
        where forecast_id = forecast('points', 0)""",
        """update raw_forecasts.forecasts set mean = -25.5
        where forecast_id = forecast('assists', 0)""",
        """update raw_forecasts.forecasts set mean = 2 * mean, variance = 4 * variance
        where market = 'rebounds'""",
        "delete from raw_forecasts.forecasts where game_id = slate_game()",
        "update raw_forecasts.forecasts set _dlt_load_id = new_load()",
    ),
    expects=(
        Expected(
            "quantiles_are_in_order",
            "error",
            2,
            SLATE,
            "no distribution has such mean and variance",
        ),
        Expected("probabilities_are_probabilities", "error", 2, SLATE, "nor has it probabilities"),
        Expected("no_predicted_value_is_negative", "error", 1, SLATE, "-25.5 assists"),
        Expected(
            "slate_means_are_sane",
            "error",
            1,
            SLATE,
            "every rebound counts twice",
            "rebounds",
            near=0.1,
        ),
        Expected(
            "players_with_a_line_are_predicted",
            "error",
            "count(*) filter (reason = 'PLAYER_OUT'"
            " or game_id != slate_game() and reason != 'NO_HISTORY') / count(*)"
            " from marts.prediction_coverage where has_prop_line",
            SLATE,
            "a game of the slate was not forecast",
        ),
    ),
)

PREDICTIONS_NONE = Scenario(
    name="predictions_none",
    layer="predictions",
    half="forecasts",
    sql=("delete from raw_forecasts.forecasts",),
    expects=(
        Expected("a_slate_with_lines_has_predictions", "error", 0, SLATE, "nothing was forecast"),
    ),
)

PREDICTIONS_WAITING = Scenario(
    name="predictions_waiting",
    layer="predictions",
    half="forecasts",
    at=datetime(2026, 1, 18, 22, 10, tzinfo=UTC),
    game_date=date(2026, 1, 18),
    expects=(
        Expected(
            "no_prediction_waits_for_its_grade",
            "warn",
            "count(*) from raw_forecasts.forecasts where system = 'catboost'",
            SLATE,
            "three days without a load",
        ),
    ),
)

PREDICTIONS_EDITED = Scenario(
    name="predictions_edited",
    layer="predictions",
    half="forecasts",
    sql=(
        """insert into raw_forecasts.forecasts
        select * replace (
            'again' as forecast_id, 'another run' as run_id,
            created_at + interval 1 minute as created_at, new_load() as _dlt_load_id
        ) from raw_forecasts.forecasts where forecast_id = forecast('points', 0)""",
    ),
    edits=(
        Edit(
            "models/marts/predictions/active_player_prop_predictions.sql",
            "where recency = 1",
            "where recency <= 2",
        ),
        Edit(
            "models/intermediate/forecasts/int_forecasts__lined.sql",
            "consensus.known_at as line_known_at",
            "forecasts.tipoff_at as line_known_at",
        ),
        Edit(
            "macros/formulas/grading.sql",
            "is null then null\n        when {{ line_result }} = 'PUSH' then 0.0",
            "is null then -1.0\n        when {{ line_result }} = 'PUSH' then 0.0",
        ),
    ),
    why_edited="one forecast of a key is chosen, lines are cut at as_of, and a bet without a result"
    " has no profit",
    expects=(
        Expected(
            "one_prediction_of_a_key_is_active", "error", 2, SLATE, "the last two forecasts count"
        ),
        Expected(
            "no_prediction_saw_a_line_of_later",
            "error",
            "count(*) + 2 from marts.player_prop_predictions",
            SLATE,
            "lines are stamped at tip-off",
        ),
        Expected(
            "who_did_not_play_costs_no_stake",
            "error",
            "count(*) + 2 from marts.prediction_accuracy",
            SLATE,
            "a bet without a result loses its stake",
        ),
    ),
)
