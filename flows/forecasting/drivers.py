"""What drives a forecast: the features that moved its mean most, by SHAP values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.features import feature_matrix
from flows.forecasting.tables import FORECAST_DRIVERS

if TYPE_CHECKING:
    from flows.forecasting.mean import MeanModel
    from flows.forecasting.training import TrainedModel

TOP = 6


def drivers(
    model: MeanModel,
    matrix: np.ndarray,
    features: Sequence[str],
    forecast_ids: pa.Array,
    game_dates: pa.Array,
    *,
    top: int = TOP,
) -> pa.Table:
    """The `top` features of each forecast that moved its mean furthest from the model's average.

    matrix: float32 (rows, len(features)), NaN where a feature is not known. forecast_ids and
    game_dates: one a row. Returns `forecast_drivers` in the declared schema, largest first; a
    contribution is in the market's unit.
    """
    rows, top = matrix.shape[0], min(top, len(features))
    if not rows:
        return FORECAST_DRIVERS.arrow_schema().empty_table()
    contributions = model.contributions(matrix)
    order = np.argsort(-np.abs(contributions), axis=1, kind="stable")[:, :top]
    owner = pa.array(np.repeat(np.arange(rows), top))
    ranks = pa.array(np.tile(np.arange(1, top + 1), rows))
    values = np.take_along_axis(matrix, order, axis=1).ravel().astype(np.float64)
    ids = pc.take(forecast_ids, owner)
    columns = {
        "driver_key": pc.binary_join_element_wise(ids, pc.cast(ranks, pa.string()), ":"),
        "forecast_id": ids,
        "game_date": pc.take(game_dates, owner),
        "driver_rank": ranks,
        "feature": pc.take(pa.array(features, pa.string()), pa.array(order.ravel())),
        "value": pa.array(values, from_pandas=True),
        "contribution": pa.array(np.take_along_axis(contributions, order, axis=1).ravel()),
    }
    schema = FORECAST_DRIVERS.arrow_schema()
    return pa.table(columns).select(schema.names).cast(schema)


def drivers_of(model: TrainedModel, slate: pa.Table, forecasts: pa.Table) -> pa.Table:
    """`drivers` of the forecasts that a model made of a slate; joined by player and game."""
    slate = slate.filter(pc.equal(slate["information_set"], model.card.information_set))
    keys = [
        pc.binary_join_element_wise(
            pc.cast(table["player_id"], pa.string()), pc.cast(table["game_id"], pa.string()), "|"
        ).combine_chunks()
        for table in (forecasts, slate)
    ]
    rows = slate.take(pc.index_in(keys[0], keys[1]))
    return drivers(
        model.mean_model,
        feature_matrix(rows, model.card.features),
        model.card.features,
        forecasts["forecast_id"].combine_chunks(),
        forecasts["game_date"].combine_chunks(),
    )
