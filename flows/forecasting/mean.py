"""The mean of a market: partly CatBoost's trees, partly a ridge regression on the same features.

Trees find steps and interactions, the regression sums many small effects; they err on different
games, so the two together err less than either.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from catboost import CatBoostRegressor, Pool

# Standard deviations from the average beyond which a feature counts no further.
CLIP = 5.0

Linear = dict[str, list[float] | float]


@dataclass(frozen=True)
class RidgeRegression:
    """A ridge regression whose missing features have weights of their own.

    centre, scale: of each feature, shape (features,); scale 0 of one that never varied.
    weight: change of the mean per standard deviation; missing_weight: where it is not known.
    average: what each feature contributes on average; intercept: the mean at the centre.
    """

    centre: np.ndarray
    scale: np.ndarray
    weight: np.ndarray
    missing_weight: np.ndarray
    average: np.ndarray
    intercept: float

    @classmethod
    def fit(cls, matrix: np.ndarray, label: np.ndarray, penalty: float) -> RidgeRegression:
        """Fit on matrix (n, features) with NaN for missing, and label (n,)."""
        count, features = matrix.shape
        missing = np.isnan(matrix)
        known = np.maximum(count - missing.sum(axis=0), 1)
        values = np.where(missing, 0, matrix).astype(np.float64)
        centre = values.sum(axis=0) / known
        spread = np.where(missing, 0, values - centre)
        scale = np.sqrt((spread**2).sum(axis=0) / known)
        scale = np.where(scale > 1e-9 * np.abs(centre), scale, 0)
        design = np.hstack([_standardised(matrix, centre, scale), missing])
        shift = design.mean(axis=0)
        design -= shift
        gram = design.T @ design + penalty * np.eye(2 * features)
        both = np.linalg.solve(gram, design.T @ (label - label.mean()))
        weight, missing_weight = both[:features], both[features:]
        return cls(
            centre,
            scale,
            weight,
            missing_weight,
            average=weight * shift[:features] + missing_weight * shift[features:],
            intercept=float(label.mean() - both @ shift),
        )

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """What each feature adds to the average mean, shape (rows, features)."""
        known = _standardised(matrix, self.centre, self.scale) * self.weight
        return known + np.isnan(matrix) * self.missing_weight - self.average

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Mean of each row of matrix (rows, features), shape (rows,)."""
        return self.contributions(matrix).sum(axis=1) + self.intercept + self.average.sum()

    def to_json(self) -> Linear:
        """The fitted numbers as JSON can hold them, exactly."""
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in vars(self).items()
        }

    @classmethod
    def from_json(cls, data: Linear) -> RidgeRegression:
        """What `to_json` gave."""
        return cls(
            **{
                name: np.array(value) if isinstance(value, list) else value
                for name, value in data.items()
            }
        )


@dataclass(frozen=True)
class MeanModel:
    """Trees and regression; `linear_share` of the mean is the regression's."""

    trees: CatBoostRegressor
    linear: RidgeRegression
    linear_share: float

    def predict(self, matrix: np.ndarray) -> np.ndarray:
        """Mean of each row of matrix (rows, features), shape (rows,)."""
        share = self.linear_share
        return (1 - share) * self.trees.predict(matrix) + share * self.linear.predict(matrix)

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """What each feature moves the mean away from the model's average, (rows, features)."""
        # the last column is the average that all contributions start from
        of_trees = self.trees.get_feature_importance(Pool(matrix), type="ShapValues")[:, :-1]
        share = self.linear_share
        return (1 - share) * of_trees + share * self.linear.contributions(matrix)


def _standardised(matrix: np.ndarray, centre: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Standard deviations from the centre, cut at CLIP; 0 for missing and for what never varied."""
    away = np.divide(matrix - centre, scale, out=np.zeros(matrix.shape), where=scale > 0)
    return np.clip(np.nan_to_num(away, nan=0.0), -CLIP, CLIP)
