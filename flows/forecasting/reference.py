"""Predictions that a model must still make: kept in its card, made again whenever it is loaded."""

from __future__ import annotations

from typing import Any

import numpy as np

from flows.forecasting.errors import ModelError
from flows.forecasting.mean import MeanModel

ROWS = 5
TOLERANCE = 1e-9

Reference = dict[str, list]


def reference_of(model: MeanModel, matrix: np.ndarray) -> Reference:
    """ROWS feature rows spread over the matrix (n, features) and what the model says of them.

    JSON can hold it: a feature that is missing is None, all others are exact.
    """
    rows = matrix[np.linspace(0, len(matrix) - 1, ROWS).astype(int)]
    said = model.predict(rows)
    return {
        "rows": [[_or_none(value) for value in row] for row in rows.astype(float).tolist()],
        "predictions": said.tolist(),
    }


def check(model_version: str, model: MeanModel, reference: Reference | None) -> None:
    """Refuse a model that no longer says what it said when it was trained.

    A model of before references were kept has none, and is taken as it is.

    Raises:
        ModelError: a prediction differs by more than TOLERANCE.
    """
    if reference is None:
        return
    rows = np.array(reference["rows"], dtype=np.float32)
    expected = np.array(reference["predictions"], dtype=np.float64)
    made = model.predict(rows)
    distance = float(np.abs(made - expected).max())
    if not distance <= TOLERANCE:
        raise ModelError(
            f"model {model_version} does not reproduce its own predictions: one of "
            f"{len(expected)} differs by {distance:.3g}. Its trees were changed, or are another "
            f"model's: restore {model_version}.cbm from a backup, or delete it with its card "
            f"{model_version}.json and train again"
        )


def _or_none(value: float) -> Any:
    return None if np.isnan(value) else value
