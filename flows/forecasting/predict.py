"""Turns a trained model and a slate of feature rows into forecasts and their distributions."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.distribution import cumulative_rows
from flows.forecasting.errors import FeatureContractError, LeakError
from flows.forecasting.features import require_columns
from flows.forecasting.tables import FORECAST_DISTRIBUTIONS, FORECASTS
from flows.forecasting.training import TrainedModel

SYSTEM = "catboost"
SLATE_COLUMNS = (
    "player_id",
    "game_id",
    "game_date",
    "tipoff_at",
    "information_set",
    "cut_off_at",
    "source_load_id",
    "input_hash",
)


def predict(
    model: TrainedModel,
    slate: pa.Table,
    *,
    run_id: str,
    as_of: datetime,
    created_at: datetime,
    run_mode: Literal["live", "replay"],
) -> tuple[pa.Table, pa.Table]:
    """Forecast the slate's rows of the model's information set (others are left out).

    Returns `forecasts` and `forecast_distributions`, in the declared schemas; an empty slate
    gives empty tables.

    Raises:
        LeakError: the model was trained after `as_of`, a game has begun by `as_of`, or a
            feature row's cut-off lies after it.
        FeatureContractError: a column is missing or unfit, or a player and game stand twice.
    """
    card = model.card
    if card.rows.max_result_known_at >= as_of:
        raise LeakError(
            f"model {card.model_version} learnt from results known at "
            f"{card.rows.max_result_known_at.isoformat()}, not before {as_of.isoformat()}"
        )
    require_columns(slate, SLATE_COLUMNS, "the slate")
    slate = slate.filter(pc.equal(slate["information_set"], card.information_set))
    _require_upcoming(slate, as_of)
    mean = model.mean(slate)
    variance = model.variance(mean)
    ids = _forecast_ids(slate, run_id, card.market, card.information_set)
    rows = slate.num_rows
    columns = {
        "forecast_id": ids,
        "run_id": pa.repeat(run_id, rows),
        "system": pa.repeat(SYSTEM, rows),
        "run_mode": pa.repeat(run_mode, rows),
        "as_of": pa.repeat(as_of, rows),
        "created_at": pa.repeat(created_at, rows),
        "player_id": slate["player_id"],
        "game_id": slate["game_id"],
        "game_date": slate["game_date"],
        "information_set": slate["information_set"],
        "cut_off_at": slate["cut_off_at"],
        "market": pa.repeat(card.market, rows),
        "model_version": pa.repeat(card.model_version, rows),
        "mean": mean,
        "variance": variance,
        "feature_source_load_id": slate["source_load_id"],
        "quality_score": slate["quality_score"],
        "quality_issues": slate["quality_issues"],
        "input_hash": slate["input_hash"],
    }
    schema = FORECASTS.arrow_schema()
    forecasts = pa.table(columns).select(schema.names).cast(schema)
    return forecasts, _distributions(forecasts)


def _distributions(forecasts: pa.Table) -> pa.Table:
    """Distribution rows of forecasts, in the declared schema."""
    rows = cumulative_rows(
        forecasts["forecast_id"].combine_chunks(),
        forecasts["mean"].to_numpy(),
        forecasts["variance"].to_numpy(),
    )
    owner = pc.index_in(rows["forecast_id"], forecasts["forecast_id"].combine_chunks())
    values = pc.cast(rows["value"], pa.string())
    rows = rows.append_column("game_date", forecasts["game_date"].take(owner))
    rows = rows.append_column(
        "row_key", pc.binary_join_element_wise(rows["forecast_id"], values, ":")
    )
    schema = FORECAST_DISTRIBUTIONS.arrow_schema()
    return rows.select(schema.names).cast(schema)


def _forecast_ids(slate: pa.Table, run_id: str, market: str, information_set: str) -> pa.Array:
    """Hash (32 hex characters) of what a forecast is about; Arrow has no hash of text."""
    keys = pc.binary_join_element_wise(
        run_id,
        pc.cast(slate["player_id"], pa.string()),
        pc.cast(slate["game_id"], pa.string()),
        market,
        information_set,
        SYSTEM,
        "|",
    ).to_pylist()
    if None in keys or len(set(keys)) < len(keys):
        raise FeatureContractError("a player and game stand twice on the slate, or lack an id")
    digests = [hashlib.blake2b(key.encode(), digest_size=16).hexdigest() for key in keys]
    return pa.array(digests, pa.string())


def _require_upcoming(slate: pa.Table, as_of: datetime) -> None:
    """Raise LeakError unless every game tips off after `as_of` and every cut-off is reached."""
    for name, breaks, says in (
        ("tipoff_at", pc.less_equal, "belong to games that had begun"),
        ("cut_off_at", pc.greater, "know facts that came later"),
    ):
        column = slate[name]
        if getattr(column.type, "tz", None) is None:
            raise FeatureContractError(f"{name} must be a timestamp with a time zone")
        limit = pa.scalar(as_of, column.type)
        late = pc.sum(pc.fill_null(breaks(column, limit), True)).as_py()
        if late:
            raise LeakError(f"{late} slate rows {says} by {as_of.isoformat()}; rebuild the slate")
