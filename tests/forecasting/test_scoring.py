import numpy as np
import pytest
from scipy.stats import nbinom

from flows.forecasting.distribution import VarianceLaw, covered, crps, scipy_parameters
from flows.forecasting.scoring import (
    LEVELS,
    cumulative,
    implied_mean,
    over_given_no_push,
    score,
    score_points,
)

LAW = VarianceLaw(1.0, 1.4, 0.06, 0.5)


@pytest.fixture(scope="module")
def drawn():
    """Means from near zero to a star's, variances of a law, and outcomes drawn from them."""
    rng = np.random.default_rng(11)
    mean = np.concatenate([[0.01, 0.05, 55.0], rng.uniform(0.02, 32, 5000)])
    variance = LAW.variance(mean)
    actual = rng.negative_binomial(*scipy_parameters(mean, variance)).astype(float)
    return mean, variance, actual


def test_the_recurrence_gives_the_distribution_that_scipy_gives(drawn):
    mean, variance, _ = drawn
    k = np.arange(121)
    expected = nbinom.cdf(k, *(one[:, None] for one in scipy_parameters(mean, variance)))
    assert np.abs(cumulative(mean, variance, 120) - expected).max() < 1e-9


def test_scores_are_those_of_the_plain_formulas(drawn):
    mean, variance, actual = drawn
    found = score(mean, variance, actual)
    at = nbinom.ppf(LEVELS[:, None], *scipy_parameters(mean, variance)).T
    assert np.mean(found.median != at[:, 9]) == 0
    off = actual[:, None] - at
    pinball = np.where(off >= 0, LEVELS * off, (LEVELS - 1) * off).mean(axis=1)
    assert found.pinball == pytest.approx(pinball)
    assert found.crps == pytest.approx(crps(mean, variance, actual), abs=1e-5)
    for level in (0.5, 0.8, 0.9):
        assert np.array_equal(found.within[level], covered(level, mean, variance, actual))
    below = nbinom.cdf(actual - 1, *scipy_parameters(mean, variance))
    assert found.pit_low == pytest.approx(below, abs=1e-9)
    assert np.isnan(found.over).all()


def test_a_true_distribution_is_calibrated(drawn):
    mean, variance, actual = drawn
    found = score(mean, variance, actual)
    transform = found.pit_low + np.random.default_rng(3).uniform(size=mean.size) * (
        found.pit_high - found.pit_low
    )
    shares = np.histogram(transform, 10, (0, 1))[0] / mean.size
    assert np.abs(shares - 0.1).max() < 0.02


def test_probabilities_at_a_line_tell_the_push(drawn):
    mean, variance, actual = drawn
    line = np.where(np.arange(mean.size) % 2, 20.5, 20.0)
    line[0] = np.nan
    found = score(mean, variance, actual, line)
    assert np.isnan([found.over[0], found.push[0], found.under[0]]).all()
    assert found.over[1:] + found.push[1:] + found.under[1:] == pytest.approx(1)
    at_20 = nbinom.pmf(20, *scipy_parameters(mean, variance))
    assert found.push[2::2] == pytest.approx(at_20[2::2], abs=1e-9)
    assert (found.push[1::2] == 0).all()


def test_the_implied_mean_gives_the_market_its_probability():
    line = np.array([0.5, 2.5, 20.0, 27.5, 3.0])
    over = np.array([0.35, 0.6, 0.5, 0.47, 0.55])
    mean = implied_mean(line, over, LAW)
    assert over_given_no_push(mean, LAW.variance(mean), line) == pytest.approx(over, abs=1e-6)


def test_a_point_is_its_own_median_and_its_crps_is_its_error():
    found = score_points(np.array([10.5, 3.0]), np.array([8.0, 3.0]))
    assert found.absolute_error.tolist() == found.crps.tolist() == [2.5, 0]
    levels = LEVELS[:, None]
    off = np.array([8.0, 3.0]) - np.array([10.5, 3.0])
    assert found.pinball == pytest.approx(np.maximum(levels * off, (levels - 1) * off).mean(axis=0))
    assert found.within is None
