from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from made_up_league import SYSTEMS, morning

from flows.forecasting.distribution import LAW_ROWS
from flows.forecasting.errors import FeatureContractError, LeakError, ModelError, TrainingError
from flows.forecasting.predict import predict
from flows.forecasting.registry import keep, load
from flows.forecasting.systems import SUM_SYSTEM, SUMS, SqlSystem, SumModel, fit_systems
from flows.forecasting.writeback import model_versions_table

TODAY = 50


@pytest.fixture(scope="module")
def known(examples):
    return examples.filter(pc.less(examples["result_known_at"], pa.scalar(morning(TODAY))))


def fit(rows, systems=SYSTEMS, as_of=morning(TODAY)):
    return fit_systems(rows, systems, as_of=as_of, information_set="BASE")


@pytest.fixture(scope="module")
def models(known):
    return fit(known)


@pytest.fixture(scope="module")
def forecasts(models, examples):
    slate = examples.filter(pc.equal(examples["games_played"], TODAY))
    return predict(
        models,
        slate,
        run_id="run",
        as_of=morning(TODAY),
        created_at=morning(TODAY) + timedelta(minutes=1),
        run_mode="live",
    )


def of(forecasts, system, market):
    wanted = pc.and_(pc.equal(forecasts["system"], system), pc.equal(forecasts["market"], market))
    return forecasts.filter(wanted)


def test_a_law_is_fitted_of_every_system_and_market_with_rows_enough(models):
    there = {(one.card.system, one.card.market) for one in models}
    assert ("ewma", "points") in there
    # of one player's points there are fewer than can teach a law, of assists none
    assert TODAY < LAW_ROWS
    assert {market for system, market in there if system == "rare"} == {"rebounds", "threes"}
    assert {market for system, market in there if system == SUM_SYSTEM} == set(SUMS)


def test_the_law_is_that_of_the_outcomes(models):
    [points] = [one for one in models if (one.card.system, one.card.market) == ("ewma", "points")]
    assert isinstance(points, SqlSystem)
    at = np.array([6.0, 12.0, 20.0])
    np.testing.assert_allclose(points.card.law.variance(at), 2 * at + 0.05 * at**2, rtol=0.25)


def test_a_player_of_whom_a_system_knows_nothing_has_no_row_of_it(forecasts, examples):
    slate = examples.filter(pc.equal(examples["games_played"], TODAY))
    silent = slate["ewma_points"].null_count
    assert silent > 0
    assert of(forecasts, "ewma", "points").num_rows == slate.num_rows - silent
    assert of(forecasts, "ewma", "rebounds").num_rows == slate.num_rows
    assert of(forecasts, "rare", "assists").num_rows == 0
    assert not pc.any(pc.is_nan(forecasts["mean"])).as_py()


def test_a_sum_adds_means_and_knows_that_its_parts_move_together(forecasts, models):
    total = of(forecasts, "ewma", "points_rebounds_assists").to_pylist()
    parts = {
        market: {row["player_id"]: row for row in of(forecasts, "ewma", market).to_pylist()}
        for market in ("points", "rebounds", "assists")
    }
    assert len(total) == len(parts["points"])
    for row in total:
        three = [parts[market][row["player_id"]] for market in parts]
        assert row["mean"] == pytest.approx(sum(part["mean"] for part in three))
        # rebounds and assists of this league are shares of the points
        assert row["variance"] > 1.5 * sum(part["variance"] for part in three)
    [model] = [one for one in models if one.card.market == "points_rebounds_assists"]
    assert isinstance(model, SumModel)
    assert all(0.8 < value <= 1 for value in model.card.parameters["correlations"].values())
    # a system that lacks a part says nothing of the sum
    assert of(forecasts, "rare", "points_rebounds").num_rows == 0


def test_outcomes_that_do_not_move_together_add_their_variances(known):
    rng = np.random.default_rng(1)
    shuffled = known
    for market in ("rebounds", "assists"):
        at = shuffled.column_names.index(f"actual_{market}")
        mean = known[f"ewma_{market}"].to_numpy()
        drawn = rng.negative_binomial(mean**2 / (0.5 * mean), mean / (1.5 * mean))
        shuffled = shuffled.set_column(at, f"actual_{market}", pa.array(drawn))
    [model] = [one for one in fit(shuffled) if one.card.market == "rebounds_assists"]
    [together] = model.card.parameters["correlations"].values()
    assert abs(together) < 0.06
    four = np.array([4.0])
    mean, variance = model.moments({"rebounds": (four, 1.5 * four), "assists": (four, 1.5 * four)})
    assert mean == 8
    assert variance == pytest.approx(12 * (1 + together))


def test_fitting_twice_gives_the_same_versions_and_other_rows_others(known, models):
    versions = [one.card.model_version for one in models]
    assert len(set(versions)) == len(versions)
    assert [one.card.model_version for one in fit(known)] == versions
    fewer = known.slice(0, known.num_rows - 200)
    assert not set(versions) & {one.card.model_version for one in fit(fewer)}


def test_results_of_later_are_a_leak(examples):
    with pytest.raises(LeakError):
        fit(examples)


def test_what_is_missing_is_named(known):
    with pytest.raises(FeatureContractError, match="nobody_points"):
        fit(known, ("nobody",))
    with pytest.raises(TrainingError, match="fewer than 100"):
        fit(known.slice(0, 50))


def test_what_was_fitted_is_kept_once_and_read_again(settings, models):
    assert [keep(settings, one) for one in models] == [True] * len(models)
    assert [keep(settings, one) for one in models] == [False] * len(models)
    assert [load(settings, one.card.model_version) for one in models] == models
    with pytest.raises(ModelError, match="no model"):
        load(settings, "other")


def test_a_version_row_says_what_joins_a_sum(models):
    rows = {
        (r["system"], r["market"]): r
        for r in model_versions_table([one.card for one in models]).to_pylist()
    }
    assert rows["sums", "rebounds_assists"]["variance_law"] is None
    assert "rebounds|assists" in rows["sums", "rebounds_assists"]["parameters"]
    assert rows["ewma", "points"]["feature_list"] == '["ewma_points"]'
