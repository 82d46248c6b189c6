"""Turns models and a slate of feature rows into forecasts: a mean and a variance a row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.card import ModelCard
from flows.forecasting.errors import FeatureContractError, LeakError
from flows.forecasting.features import require_columns
from flows.forecasting.systems import Forecaster, Moments, SumModel
from flows.forecasting.tables import FORECASTS

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
Made = tuple[str, ModelCard, Moments]


def predict(
    models: Sequence[Forecaster],
    slate: pa.Table,
    *,
    run_id: str,
    as_of: datetime,
    created_at: datetime,
    run_mode: Literal["live", "replay"],
) -> pa.Table:
    """Forecast the slate's rows of the models' information set (others are left out).

    Returns `forecasts` in the declared schema: a row a player, game, market and system that has
    something to say of him; every system that forecasts all parts of a sum forecasts the sum.
    An empty slate gives an empty table.

    Raises:
        LeakError: a model was trained after `as_of`, a game has begun by `as_of`, or a
            feature row's cut-off lies after it.
        FeatureContractError: a column is missing or unfit, a player and game stand twice, or the
            models are of several information sets.
    """
    _require_learnt_before(models, as_of)
    sets = {model.card.information_set for model in models}
    if len(sets) > 1:
        raise FeatureContractError(f"models of several sets: {', '.join(sorted(sets))}")
    require_columns(slate, SLATE_COLUMNS, "the slate")
    slate = slate.filter(pc.is_in(slate["information_set"], pa.array(sets, pa.string())))
    _require_upcoming(slate, as_of)
    common = {
        "run_id": run_id,
        "as_of": as_of,
        "created_at": created_at,
        "run_mode": run_mode,
    }
    empty = FORECASTS.arrow_schema().empty_table()
    made = [_rows(slate, *one, common) for one in _forecasts(models, slate)]
    return pa.concat_tables([empty, *made])


def _forecasts(models: Sequence[Forecaster], slate: pa.Table) -> list[Made]:
    """System, card, mean and variance of each forecaster, every sum by each system that can."""
    made: list[Made] = []
    parts: dict[str, dict[str, Moments]] = {}
    for model in models:
        if isinstance(model, SumModel):
            continue
        mean = model.mean(slate)
        moments = mean, model.variance(mean)
        made.append((model.card.system, model.card, moments))
        parts.setdefault(model.card.system, {})[model.card.market] = moments
    sums = [model for model in models if isinstance(model, SumModel)]
    return made + [
        (system, model.card, model.moments(known))
        for model in sums
        for system, known in parts.items()
        if set(model.card.features) <= set(known)
    ]


def _rows(
    slate: pa.Table, system: str, card: ModelCard, moments: Moments, common: dict[str, object]
) -> pa.Table:
    """Rows of `forecasts` of one system and market, of those of whom it has something to say."""
    known = ~np.isnan(moments[0])
    slate = slate.filter(pa.array(known))
    rows = slate.num_rows
    ids = _forecast_ids(slate, str(common["run_id"]), system, card)
    columns = {name: pa.repeat(value, rows) for name, value in common.items()}
    columns |= {
        "forecast_id": ids,
        "system": pa.repeat(system, rows),
        "player_id": slate["player_id"],
        "game_id": slate["game_id"],
        "game_date": slate["game_date"],
        "information_set": slate["information_set"],
        "cut_off_at": slate["cut_off_at"],
        "market": pa.repeat(card.market, rows),
        "model_version": pa.repeat(card.model_version, rows),
        "mean": moments[0][known],
        "variance": moments[1][known],
        "feature_source_load_id": slate["source_load_id"],
        "quality_score": slate["quality_score"],
        "quality_issues": slate["quality_issues"],
        "input_hash": slate["input_hash"],
    }
    schema = FORECASTS.arrow_schema()
    return pa.table(columns).select(schema.names).cast(schema)


def _forecast_ids(slate: pa.Table, run_id: str, system: str, card: ModelCard) -> pa.Array:
    """Hash (32 hex characters) of what a forecast is about; Arrow has no hash of text."""
    keys = pc.binary_join_element_wise(
        run_id,
        pc.cast(slate["player_id"], pa.string()),
        pc.cast(slate["game_id"], pa.string()),
        card.market,
        card.information_set,
        system,
        "|",
    ).to_pylist()
    if None in keys or len(set(keys)) < len(keys):
        raise FeatureContractError("a player and game stand twice on the slate, or lack an id")
    digests = [hashlib.blake2b(key.encode(), digest_size=16).hexdigest() for key in keys]
    return pa.array(digests, pa.string())


def _require_learnt_before(models: Sequence[Forecaster], as_of: datetime) -> None:
    """Raise LeakError unless every model learnt from results known before `as_of`."""
    for card in (model.card for model in models):
        if card.rows.max_result_known_at >= as_of:
            raise LeakError(
                f"model {card.model_version} learnt from results known at "
                f"{card.rows.max_result_known_at.isoformat()}, not before {as_of.isoformat()}"
            )


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
