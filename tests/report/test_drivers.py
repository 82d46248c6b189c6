from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from catboost import CatBoostRegressor, Pool

from flows.forecasting.drivers import drivers
from flows.forecasting.mean import MeanModel, RidgeRegression
from flows.forecasting.tables import FORECAST_DRIVERS

FEATURES = ("strong", "weak", "noise", "silent")


@pytest.fixture(scope="module")
def matrix():
    made = np.random.default_rng(1).normal(size=(400, 4)).astype(np.float32)
    made[:, 3] = 0
    return made


@pytest.fixture(scope="module")
def model(matrix):
    label = 10 + 5 * matrix[:, 0] + matrix[:, 1]
    pool = Pool(matrix, label=label, feature_names=list(FEATURES))
    trees = CatBoostRegressor(
        iterations=200, depth=3, random_seed=1, thread_count=1, logging_level="Silent",
        allow_writing_files=False,
    ).fit(pool)  # fmt: skip
    return MeanModel(trees, RidgeRegression.fit(matrix, label, penalty=1.0), linear_share=0.25)


def explained(model, matrix, rows, **how):
    ids = pa.array([f"f{i}" for i in range(rows)])
    dates = pa.array([20468] * rows, pa.int32()).cast(pa.date32())
    return drivers(model, matrix[:rows], FEATURES, ids, dates, **how)


def test_the_feature_that_matters_most_comes_first(model, matrix):
    found = explained(model, matrix, 50, top=2)
    assert found.schema.equals(FORECAST_DRIVERS.arrow_schema())
    assert found.num_rows == 100
    assert found["driver_rank"].to_pylist() == [1, 2] * 50
    first = [r["feature"] for r in found.to_pylist() if r["driver_rank"] == 1]
    assert first.count("strong") > 40
    sizes = np.abs(found["contribution"].to_numpy()).reshape(50, 2)
    assert (sizes[:, 0] >= sizes[:, 1]).all()


def test_all_contributions_and_the_average_make_the_mean(model, matrix):
    found = explained(model, matrix, 20, top=4)
    sums = found["contribution"].to_numpy().reshape(20, 4).sum(axis=1)
    of_trees = model.trees.get_feature_importance(Pool(matrix[:1]), type="ShapValues")[0, -1]
    of_line = model.linear.predict(matrix).mean()
    average = 0.75 * of_trees + 0.25 * of_line
    assert np.allclose(sums + average, model.predict(matrix[:20]), atol=1e-6)


def test_a_value_stands_beside_its_feature_and_an_unknown_one_is_null(model, matrix):
    holed = matrix[:3].copy()
    holed[1, 0] = np.nan
    rows = {
        (r["forecast_id"], r["feature"]): r["value"]
        for r in explained(model, holed, 3, top=4).to_pylist()
    }
    assert rows["f1", "strong"] is None
    assert rows["f0", "strong"] == pytest.approx(float(matrix[0, 0]))
    assert rows["f2", "weak"] == pytest.approx(float(matrix[2, 1]))


def test_no_forecast_has_no_driver(model, matrix):
    assert explained(model, matrix, 0).num_rows == 0
