"""What a model missed by on the days held out of it: kept day by day, to compare models."""

from __future__ import annotations

import numpy as np

MILLION = 1_000_000

# date in ISO form, rows, sum of their outcomes, sum of their absolute errors in millionths
HoldoutDay = tuple[str, int, int, int]


def days_of(dates: np.ndarray, mean: np.ndarray, actual: np.ndarray) -> tuple[HoldoutDay, ...]:
    """Rows, outcomes and absolute error of the mean by day.

    dates: datetime64[D] (n,); mean, actual: float64 (n,). The sum of outcomes tells whether two
    models were held out of the same rows.
    """
    days, owner = np.unique(dates, return_inverse=True)
    errors = np.rint(np.abs(mean - actual) * MILLION)
    columns = (
        days.astype(str),
        np.bincount(owner),
        np.bincount(owner, weights=actual).astype(np.int64),
        np.bincount(owner, weights=errors).astype(np.int64),
    )
    return tuple(zip(*(column.tolist() for column in columns), strict=True))
