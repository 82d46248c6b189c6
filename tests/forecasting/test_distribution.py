import numpy as np
import pytest

from flows.forecasting import distribution as d

MEANS = np.array([0.01, 0.4, 1.0, 2.7, 11.3, 28.0, 90.0])
NEARLY_ALL = 0.99999
LAW = d.VarianceLaw(a=8.2, b=2.5, c=0.02, min_mean=2.0)


def drawn(n: int = 60_000, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    mean = rng.uniform(1, 30, n)
    variance = 3 + 1.5 * mean + 0.04 * mean**2
    return mean, rng.negative_binomial(mean**2 / (variance - mean), mean / variance)


def test_law_recovers_the_variance_it_was_drawn_from():
    law = d.fit_variance_law(*drawn())
    at = np.array([3.0, 10.0, 20.0, 28.0])
    np.testing.assert_allclose(law.variance(at), 3 + 1.5 * at + 0.04 * at**2, rtol=0.05)


def test_law_is_deterministic_and_never_negative():
    mean, actual = drawn(2_000)
    law = d.fit_variance_law(mean, actual)
    assert law == d.fit_variance_law(mean, actual)
    assert min(law.a, law.b, law.c) >= 0


def test_variance_exceeds_the_mean_even_where_no_error_was_ever_seen():
    law = d.fit_variance_law(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    assert np.all(law.variance(MEANS) > MEANS)


def test_a_mean_near_zero_has_no_endless_tail():
    mean = np.array([0.01])
    assert d.quantile(NEARLY_ALL, mean, LAW.variance(mean))[0] < 60
    endless = d.VarianceLaw(LAW.a, LAW.b, LAW.c, min_mean=d.MEAN_FLOOR)
    assert d.quantile(NEARLY_ALL, mean, endless.variance(mean))[0] > 200


def test_pmf_has_the_mean_and_the_variance_asked_for():
    variance = LAW.variance(MEANS)
    value = np.arange(3_000)[:, None]
    p = d.pmf(value, MEANS, variance)
    np.testing.assert_allclose(p.sum(axis=0), 1, atol=1e-9)
    mean = (p * value).sum(axis=0)
    np.testing.assert_allclose(mean, MEANS, rtol=1e-6)
    np.testing.assert_allclose((p * value**2).sum(axis=0) - mean**2, variance, rtol=1e-5)


def test_variance_not_above_the_mean_is_refused():
    with pytest.raises(ValueError, match="mean < variance"):
        d.cdf(np.array([1]), np.array([2.0]), np.array([2.0]))


def test_quantile_is_the_first_value_that_reaches_the_level():
    variance = LAW.variance(MEANS)
    for level in (0.1, 0.5, 0.9):
        q = d.quantile(level, MEANS, variance)
        assert np.all(d.cdf(q, MEANS, variance) >= level)
        assert np.all((q == 0) | (d.cdf(q - 1, MEANS, variance) < level))


def test_crps_equals_its_definition_by_pairs():
    """CRPS = E|X - y| - E|X - X'| / 2, computed from the pmf alone."""
    mean = np.array([0.4, 2.7, 11.3])
    variance = LAW.variance(mean)
    actual = np.array([3.0, 0.0, 40.0])
    value = np.arange(600)
    for i in range(mean.size):
        p = d.pmf(value, mean[i], variance[i])
        gaps = np.abs(value[:, None] - value[None, :])
        expected = (p * np.abs(value - actual[i])).sum() - p @ gaps @ p / 2
        assert d.crps(mean, variance, actual)[i] == pytest.approx(expected, rel=1e-5)


def test_crps_prefers_the_truth():
    mean, actual = drawn(5_000)
    variance = 3 + 1.5 * mean + 0.04 * mean**2
    truth = d.crps(mean, variance, actual).mean()
    assert truth < d.crps(mean + 1, variance, actual).mean()
    assert truth < d.crps(mean, variance * 2, actual).mean()
    assert truth < d.crps(mean, np.maximum(variance / 2, mean * 1.01), actual).mean()


def test_coverage_counts_the_central_interval():
    mean, actual = drawn()
    variance = 3 + 1.5 * mean + 0.04 * mean**2
    assert 0.80 <= d.covered(0.8, mean, variance, actual).mean() < 0.87
    assert d.covered(0.5, mean, variance, actual).mean() < 0.62
