"""Scores of forecasts against outcomes, row by row: exact for counts, all rows at once.

A forecast is a mean and a variance; its distribution is the negative binomial of the two, made by
the same recurrence that the SQL uses. Counts are in the unit of the market.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from flows.forecasting.distribution import VarianceLaw, clip_mean, scipy_parameters

LEVELS = np.arange(1, 20) / 20
"""Quantile levels .05 .. .95, over which the pinball loss is averaged."""
CENTRAL = (0.5, 0.8, 0.9)
"""Probabilities of the central intervals whose coverage is scored."""
# Beyond so many standard deviations nothing worth a score is left.
TAIL_DEVIATIONS = 12
TAIL_VALUES = 12
# Rows scored at a time, so that a season's distributions need not stand in memory together.
CHUNK = 4096
# Halvings of the interval in which a price's mean lies: below a millionth of a unit.
HALVINGS = 34


@dataclass(frozen=True)
class Scores:
    """Scores of n forecasts, each of shape (n,).

    pit_low, pit_high: P(outcome < actual) and P(outcome <= actual); the probability integral
        transform of a count lies between them. None of a point forecast, which has no distribution.
    over, push, under: probabilities at the line; NaN without one.
    """

    median: np.ndarray
    absolute_error: np.ndarray
    pinball: np.ndarray
    crps: np.ndarray
    within: dict[float, np.ndarray] | None
    pit_low: np.ndarray | None
    pit_high: np.ndarray | None
    over: np.ndarray
    push: np.ndarray
    under: np.ndarray


def score(
    mean: np.ndarray, variance: np.ndarray, actual: np.ndarray, line: np.ndarray | None = None
) -> Scores:
    """Score distributions; all arguments of shape (n,), `line` NaN where there is none."""
    line = np.full(mean.size, np.nan) if line is None else line
    cuts = [slice(at, at + CHUNK) for at in range(0, max(mean.size, 1), CHUNK)]
    parts = [_score(mean[cut], variance[cut], actual[cut], line[cut]) for cut in cuts]
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in Scores.__dataclass_fields__
        if name != "within"
    }
    within = {c: np.concatenate([part.within[c] for part in parts]) for c in CENTRAL}
    return Scores(within=within, **joined)


def score_points(value: np.ndarray, actual: np.ndarray) -> Scores:
    """Score numbers without a distribution: each is its own median, all levels, and certain."""
    error = np.abs(value - actual)
    unknown = np.full(value.size, np.nan)
    # the average of u and 1 - u over symmetric levels is a half, whichever side the outcome fell
    return Scores(value, error, error / 2, error, None, None, None, unknown, unknown, unknown)


def cumulative(mean: np.ndarray, variance: np.ndarray, top: int) -> np.ndarray:
    """P(outcome <= k) for k = 0 .. top, shape (n, top + 1)."""
    n, p = scipy_parameters(mean, variance)
    logs = np.empty((mean.size, top + 1))
    logs[:, 0] = n * np.log(p)
    if top:
        k = np.arange(1, top + 1)
        steps = np.log((n[:, None] + k - 1) / k) + np.log1p(-p)[:, None]
        logs[:, 1:] = logs[:, :1] + np.cumsum(steps, axis=1)
    return np.minimum(np.cumsum(np.exp(logs), axis=1), 1)


def implied_mean(line: np.ndarray, over: np.ndarray, law: VarianceLaw) -> np.ndarray:
    """The mean at which the law's distribution gives the over the market's probability.

    line: shape (n,); over: probability of the over given no push, in (0, 1), shape (n,).
    """
    low, high = np.zeros(line.size), 3 * line + 10
    for _ in range(HALVINGS):
        middle = clip_mean((low + high) / 2)
        too_low = over_given_no_push(middle, law.variance(middle), line) < over
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return clip_mean((low + high) / 2)


def over_given_no_push(mean: np.ndarray, variance: np.ndarray, line: np.ndarray) -> np.ndarray:
    """P(outcome > line | outcome is not the line), shape of mean."""
    if not mean.size:
        return np.zeros(0)
    over, _, under = _at_line(cumulative(mean, variance, int(np.max(line)) + 1), line)
    return over / (over + under)


def _score(mean: np.ndarray, variance: np.ndarray, actual: np.ndarray, line: np.ndarray) -> Scores:
    reach = mean + TAIL_DEVIATIONS * np.sqrt(variance)
    top = int(max(reach.max(initial=0), actual.max(initial=0), np.nanmax(line, initial=0)))
    top += TAIL_VALUES
    cdf = cumulative(mean, variance, top)
    values = np.arange(top + 1)
    row = np.arange(mean.size)
    reached = actual.astype(np.int64)
    quantiles = _quantiles(cdf, LEVELS)
    off = actual[:, None] - quantiles
    median = quantiles[:, LEVELS.size // 2].astype(np.float64)
    bounds = {c: _quantiles(cdf, np.array([(1 - c) / 2, (1 + c) / 2])) for c in CENTRAL}
    over, push, under = _at_line(cdf, line)
    return Scores(
        median=median,
        absolute_error=np.abs(median - actual),
        pinball=np.maximum(LEVELS * off, (LEVELS - 1) * off).mean(axis=1),
        crps=((cdf - (values >= actual[:, None])) ** 2).sum(axis=1),
        within={c: (actual >= b[:, 0]) & (actual <= b[:, 1]) for c, b in bounds.items()},
        pit_low=np.where(reached > 0, cdf[row, np.maximum(reached - 1, 0)], 0.0),
        pit_high=cdf[row, reached],
        over=over,
        push=push,
        under=under,
    )


def _quantiles(cdf: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """The least value whose cumulative probability reaches each level, shape (n, levels)."""
    # a level that a cumulative probability meets exactly must not be missed by its last bit
    return np.stack([(cdf < level - 1e-12).sum(axis=1) for level in levels], axis=1)


def _at_line(cdf: np.ndarray, line: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """P(over), P(push), P(under) of each row at its line; NaN without one."""
    row = np.arange(line.size)
    known = ~np.isnan(line)
    held = np.where(known, line, 0)
    up_to = cdf[row, np.floor(held).astype(np.int64)]
    below_at = np.ceil(held).astype(np.int64) - 1
    below = np.where(below_at >= 0, cdf[row, np.maximum(below_at, 0)], 0.0)
    over, push, under = 1 - up_to, up_to - below, below
    return tuple(np.where(known, one, np.nan) for one in (over, push, under))
