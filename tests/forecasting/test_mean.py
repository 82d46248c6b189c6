from __future__ import annotations

import json

import numpy as np
import pytest

from flows.forecasting.mean import CLIP, RidgeRegression

ROWS = 4000


@pytest.fixture(scope="module")
def matrix() -> np.ndarray:
    """Two features that matter, of other sizes; one that never varies; one often missing."""
    made = np.random.default_rng(3).normal(size=(ROWS, 4)) * [10, 0.1, 0, 1] + [50, 1, 7, 0]
    made[::3, 3] = np.nan
    return made.astype(np.float32)


@pytest.fixture(scope="module")
def label(matrix: np.ndarray) -> np.ndarray:
    missing = np.isnan(matrix[:, 3])
    return 0.2 * matrix[:, 0] - 30 * matrix[:, 1] + np.where(missing, 4, 2 * matrix[:, 3]) + 100


def test_a_linear_truth_is_found(matrix: np.ndarray, label: np.ndarray) -> None:
    line = RidgeRegression.fit(matrix, label, penalty=1e-6)
    inside = (np.abs((matrix - line.centre) / np.where(line.scale, line.scale, 1)) < CLIP) | (
        np.isnan(matrix)
    )
    rows = inside.all(axis=1)
    assert np.abs(line.predict(matrix) - label)[rows].max() < 1e-3
    assert line.weight[2] == 0
    assert line.missing_weight[:3] == pytest.approx(0, abs=1e-9)


def test_a_penalty_draws_towards_the_average(matrix: np.ndarray, label: np.ndarray) -> None:
    free, bound = (
        np.abs(RidgeRegression.fit(matrix, label, penalty).weight).sum() for penalty in (1, ROWS)
    )
    assert bound < 0.6 * free
    heavy = RidgeRegression.fit(matrix, label, penalty=1e12)
    assert heavy.predict(matrix) == pytest.approx(label.mean(), abs=1e-4)


def test_a_value_far_out_counts_no_further_than_the_clip(
    matrix: np.ndarray, label: np.ndarray
) -> None:
    line = RidgeRegression.fit(matrix, label, penalty=1.0)
    far, further = matrix[:1].copy(), matrix[:1].copy()
    far[0, 0], further[0, 0] = 1e3, 1e6
    assert line.predict(far) == line.predict(further)
    assert line.predict(far) > line.predict(matrix[:1])


def test_a_feature_that_was_never_known_or_is_unknown_for_the_first_time_adds_nothing(
    matrix: np.ndarray, label: np.ndarray
) -> None:
    never = matrix.copy()
    never[:, 2] = np.nan
    line = RidgeRegression.fit(never, label, penalty=1.0)
    assert np.isfinite(line.predict(never)).all()
    unknown = matrix[:1].copy()
    unknown[0, 0] = np.nan
    assert line.contributions(unknown)[0, 0] == pytest.approx(0, abs=0.05)


def test_contributions_and_the_average_make_the_mean(matrix: np.ndarray, label: np.ndarray) -> None:
    line = RidgeRegression.fit(matrix, label, penalty=5.0)
    assert line.contributions(matrix).mean(axis=0) == pytest.approx(0, abs=1e-9)
    made = line.contributions(matrix[:50]).sum(axis=1) + line.predict(matrix).mean()
    assert made == pytest.approx(line.predict(matrix[:50]), abs=1e-9)


def test_json_keeps_every_digit(matrix: np.ndarray, label: np.ndarray) -> None:
    line = RidgeRegression.fit(matrix, label, penalty=5.0)
    back = RidgeRegression.from_json(json.loads(json.dumps(line.to_json())))
    assert (back.predict(matrix) == line.predict(matrix)).all()
