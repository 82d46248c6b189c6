from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import FEATURES, day, with_rivals

from flows.forecasting.errors import FeatureContractError, LeakError, TrainingError
from flows.forecasting.evaluation import (
    BLEND,
    ENSEMBLE,
    LINE,
    MARKET,
    OURS,
    Block,
    Forecast,
    Question,
    blocks_of,
    ensemble,
    evaluate_block,
    examples_digest,
)
from flows.forecasting.feature_groups import choices, evaluate_choice
from flows.forecasting.training import train

SYSTEMS = ("season_average", "ewma")
WEIGHTS = {OURS: 0.6, "ewma": 0.4}
BLOCK = Block(day(45), day(55))


@pytest.fixture(scope="module")
def rows(examples):
    return with_rivals(examples)


class Spy:
    """A trainer that remembers what it was given."""

    def __init__(self):
        self.calls = []

    def __call__(self, examples, features, market, *, as_of, information_set, params):
        self.calls.append((examples, as_of))
        how = {"as_of": as_of, "information_set": information_set, "params": params}
        return train(examples, features, market, **how)


def question(quick, **changes):
    asked = {"systems": SYSTEMS, "weights": WEIGHTS, "params": quick} | changes
    return Question("points", "BASE", FEATURES, **asked)


def evaluate(rows, quick, block=BLOCK, **changes):
    scored = pa.repeat(pa.scalar(True), rows.num_rows)
    return evaluate_block(rows, block, question(quick, **changes), scored=scored)


def of(scores, system):
    found = scores.filter(pc.equal(scores["system"], system))
    return found.sort_by([("game_date", "ascending"), ("player_id", "ascending")])


def test_months_are_the_blocks_and_october_goes_with_november():
    days = [date(2024, 10, 22), date(2024, 11, 30), date(2024, 12, 1), date(2025, 1, 3)]
    assert blocks_of([*reversed(days), days[0]]) == [
        Block(date(2024, 10, 22), date(2024, 11, 30)),
        Block(date(2024, 12, 1), date(2024, 12, 1)),
        Block(date(2025, 1, 3), date(2025, 1, 3)),
    ]


def test_no_result_of_the_blocks_first_day_or_later_enters_the_training(rows, quick):
    spy = Spy()
    _, done = evaluate(rows, quick, trainer=spy)
    ((given, as_of),) = spy.calls
    # midnight Eastern; the made-up games' results come at 02:00 UTC, which is the evening before
    assert as_of == datetime(*BLOCK.first.timetuple()[:3], 5, tzinfo=UTC)
    assert pc.max(given["result_known_at"]).as_py() < as_of
    assert pc.max(given["game_date"]).as_py() == BLOCK.first - timedelta(days=1)
    assert given.num_rows == done["training_rows"][0].as_py() == 40 * 45
    assert done["training_end_date"][0].as_py() == BLOCK.first - timedelta(days=1)


def test_a_game_whose_result_came_late_is_not_learnt_from(rows, quick):
    """A game of the day before whose result came after midnight is no example yet."""
    at = rows.column_names.index("result_known_at")
    late = pc.add(rows["result_known_at"], pa.scalar(timedelta(hours=4)))
    spy = Spy()
    evaluate(rows.set_column(at, "result_known_at", late), quick, trainer=spy)
    ((given, _),) = spy.calls
    assert pc.max(given["game_date"]).as_py() == BLOCK.first - timedelta(days=2)


def test_outcomes_of_the_block_move_scores_but_no_forecast_of_any_system(rows, quick):
    at = rows.column_names.index("actual_points")
    inside = pc.greater_equal(rows["game_date"], pa.scalar(BLOCK.first))
    doubled = pc.if_else(
        inside, pc.multiply(rows["actual_points"], pa.scalar(2)), rows["actual_points"]
    )
    honest, _ = evaluate(rows, quick)
    altered, _ = evaluate(rows.set_column(at, "actual_points", doubled), quick)
    for column in ("mean", "variance", "over_probability"):
        assert honest[column].equals(altered[column])
    assert pc.mean(honest["crps"]).as_py() < pc.mean(altered["crps"]).as_py()


def test_all_systems_speak_of_the_same_player_games(rows, quick):
    scores, _ = evaluate(rows, quick)
    keys = {
        system: set(zip(one["player_id"].to_pylist(), one["game_id"].to_pylist(), strict=True))
        for system in (OURS, ENSEMBLE, *SYSTEMS, LINE, MARKET, BLEND)
        for one in [of(scores.filter(scores["is_compared"]), system)]
    }
    for system in (ENSEMBLE, *SYSTEMS):
        assert keys[system] == keys[OURS]
    assert keys[MARKET] == keys[BLEND] == keys[LINE]
    assert 0 < len(keys[MARKET]) < len(keys[OURS])


def test_a_row_that_one_system_is_silent_on_is_not_compared(rows, quick):
    at = rows.column_names.index("ewma_points")
    silent = pc.equal(rows["player_id"], "p003")
    rows = rows.set_column(
        at, "ewma_points", pc.if_else(silent, pa.scalar(None, pa.float64()), rows["ewma_points"])
    )
    scores, _ = evaluate(rows, quick)
    theirs = scores.filter(pc.equal(scores["player_id"], "p003"))
    assert not pc.any(theirs["is_compared"]).as_py()
    assert "ewma" not in theirs["system"].to_pylist()
    assert of(theirs, OURS)["mean"].to_pylist() == of(theirs, ENSEMBLE)["mean"].to_pylist()


def test_the_market_that_knows_the_truth_beats_us_and_we_beat_the_average(rows, quick):
    scores, _ = evaluate(rows, quick)
    lined = scores.filter(pc.is_valid(scores["market_probability"]))
    crps = {
        system: pc.mean(of(lined, system)["crps"]).as_py()
        for system in (OURS, MARKET, BLEND, "season_average", LINE)
    }
    assert crps[MARKET] < crps[OURS] < crps["season_average"] < crps[LINE]
    assert of(lined, LINE)["variance"].null_count == of(lined, LINE).num_rows
    ours = of(lined, OURS)
    held = pc.mean(ours["is_within_80"]).as_py()
    assert 0.72 < held < 0.92
    assert pc.min(ours["over_probability"]).as_py() > 0
    blend = 0.75 * of(lined, MARKET)["mean"].to_numpy() + 0.25 * ours["mean"].to_numpy()
    assert of(lined, BLEND)["mean"].to_numpy() == pytest.approx(blend)


def test_the_ensemble_is_renormalised_over_those_who_speak():
    forecasts = {
        OURS: Forecast(np.array([10.0, 10.0, np.nan]), np.array([20.0, 20.0, np.nan])),
        "ewma": Forecast(np.array([20.0, np.nan, 5.0]), np.array([30.0, np.nan, 9.0])),
    }
    made = ensemble(forecasts, {OURS: 0.6, "ewma": 0.2, "shrinkage": 0.2})
    assert made.mean == pytest.approx([12.5, 10.0, np.nan], nan_ok=True)
    assert made.variance == pytest.approx([22.5, 20.0, np.nan], nan_ok=True)


def test_another_number_is_another_digest(rows):
    at = rows.column_names.index("form")
    changed = rows.set_column(at, "form", pc.multiply(rows["form"], 1.001))
    assert examples_digest(rows) == examples_digest(rows)
    assert examples_digest(rows) != examples_digest(changed)


def test_choices_leave_a_group_out_and_add_it_to_the_core(rows, quick):
    names = ("form", "schedule", "schedule", "minutes", "news", "opponent")
    groups = dict(zip(FEATURES, names, strict=True))
    made = choices(groups)
    assert [one.choice for one in made].count("without") == 5
    by_name = {(one.choice, one.feature_group): one.features for one in made}
    assert by_name["core", ""] == ("form", "minutes")
    assert by_name["core_with", "opponent"] == ("form", "minutes", "opponent")
    assert by_name["without", "form"] == tuple(one for one in FEATURES if one != "form")
    assert by_name["all", ""] == FEATURES
    scored = pa.repeat(pa.scalar(True), rows.num_rows)
    found = {
        one.feature_group: evaluate_choice(
            rows,
            [BLOCK],
            Question("points", "BASE", one.features, params=quick),
            one,
            scored=scored,
        )["mae_median"][0].as_py()
        for one in made
        if one.choice in ("all", "without")
    }
    assert found["minutes"] > found[""] < found["form"]


@pytest.mark.parametrize(
    ("block", "changes", "error"),
    [
        (Block(day(80), day(90)), {}, TrainingError),
        (Block(day(0), day(5)), {}, TrainingError),
        (BLOCK, {"systems": ("no_such_system",)}, FeatureContractError),
        (BLOCK, {"trainer": lambda *a, **k: (_ for _ in ()).throw(LeakError("late"))}, LeakError),
    ],
)
def test_impossible_evaluations_are_errors(rows, quick, block, changes, error):
    with pytest.raises(error):
        evaluate(rows, quick, block, **changes)
