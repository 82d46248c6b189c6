"""From a mean to a distribution: variance law, negative binomial and its scores.

A negative binomial with mean m and variance v > m has, in scipy's terms, n = m^2 / (v - m) and
p = m / v. Counts are 0, 1, 2, ... in the unit of the market (points, rebounds, ...).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import numpy as np
from scipy.optimize import nnls
from scipy.stats import nbinom

MEAN_FLOOR = 0.01
OVERDISPERSION_FLOOR = 0.01
# Below this quantile of the fitted means the law would be extrapolated towards zero.
SUPPORT_QUANTILE = 0.1
# A law of variance wants at least so many forecasts and their outcomes.
LAW_ROWS = 100
SCORED_TAIL = 1 - 1e-6


@dataclass(frozen=True)
class VarianceLaw:
    """Variance of an outcome given its mean m: a + b m + c m^2, with a, b, c >= 0.

    Below `min_mean`, the least mean that the law was fitted on, the ratio of variance to mean
    stays what it is at `min_mean`: a > 0 would otherwise give a mean near zero an endless tail.
    """

    a: float
    b: float
    c: float
    min_mean: float = MEAN_FLOOR

    def variance(self, mean: np.ndarray) -> np.ndarray:
        """Variance for each mean (same shape), always above the mean itself."""
        held = np.maximum(mean, self.min_mean)
        ratio = self.a / held + self.b + self.c * held
        return mean * np.maximum(ratio, 1 + OVERDISPERSION_FLOOR)

    def rounded(self, digits: int) -> VarianceLaw:
        """The law with so many digits behind the point."""
        return VarianceLaw(*(round(value, digits) for value in asdict(self).values()))

    def to_json(self) -> str:
        """The coefficients as JSON."""
        return json.dumps(asdict(self), sort_keys=True)


def clip_mean(mean: np.ndarray) -> np.ndarray:
    """Means as the distribution can take them: at least MEAN_FLOOR."""
    return np.maximum(mean, MEAN_FLOOR)


def fit_variance_law(mean: np.ndarray, actual: np.ndarray) -> VarianceLaw:
    """Fit the law by non-negative least squares of squared errors on (1, m, m^2).

    mean, actual: shape (n,), forecasts made before the outcome was known, and the outcome.
    """
    mean = clip_mean(np.asarray(mean, dtype=np.float64))
    basis = np.column_stack([np.ones_like(mean), mean, mean**2])
    (a, b, c), _ = nnls(basis, (actual - mean) ** 2)
    return VarianceLaw(float(a), float(b), float(c), float(np.quantile(mean, SUPPORT_QUANTILE)))


def scipy_parameters(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, p) of scipy.stats.nbinom for means and variances of the same shape, variance > mean."""
    if not np.all(variance > mean) or not np.all(mean > 0):
        raise ValueError("a negative binomial needs 0 < mean < variance")
    return mean**2 / (variance - mean), mean / variance


def pmf(value: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """P(outcome = value), broadcast over the arguments."""
    return nbinom.pmf(value, *scipy_parameters(mean, variance))


def cdf(value: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """P(outcome <= value), broadcast over the arguments."""
    return nbinom.cdf(value, *scipy_parameters(mean, variance))


def quantile(level: float, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The least value whose cumulative probability reaches `level`, shape of mean."""
    return nbinom.ppf(level, *scipy_parameters(mean, variance))


def median(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """The 0.5 quantile."""
    return quantile(0.5, mean, variance)


def crps(mean: np.ndarray, variance: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of each forecast, exact for counts; shape (n,).

    The sum over k = 0, 1, ... of (P(outcome <= k) - [actual <= k])^2.
    """
    top = np.maximum(quantile(SCORED_TAIL, mean, variance), actual).astype(np.int64)
    if not top.size:
        return np.zeros(0)
    owner, value = _expand(top + 1)
    gap = cdf(value, mean[owner], variance[owner]) - (value >= actual[owner])
    return np.bincount(owner, weights=gap**2, minlength=top.size)


def covered(level: float, mean: np.ndarray, variance: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Whether each outcome lies in the central interval of probability `level`, ends included."""
    low = quantile((1 - level) / 2, mean, variance)
    high = quantile((1 + level) / 2, mean, variance)
    return (actual >= low) & (actual <= high)


def _expand(lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flat (owner, position) index of groups of these lengths."""
    owner = np.repeat(np.arange(lengths.size), lengths)
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)
    return owner, np.arange(owner.size) - starts
