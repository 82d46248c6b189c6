"""Writes models and forecasts into the warehouse: dlt pipeline and dataset of `forecasts`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import pyarrow as pa

from flows.forecasting.card import ModelCard
from flows.forecasting.tables import (
    FORECAST_DRIVERS,
    FORECAST_TABLES,
    FORECASTS,
    MODEL_HOLDOUTS,
    MODEL_VERSIONS,
)
from loaders.pipeline import Batch, write
from loaders.settings import Settings

PIPELINE = "forecasts"


def ensure_forecast_tables(settings: Settings) -> None:
    """Create the tables of `raw_forecasts`, empty, where they are absent; changes no row."""
    write(settings, PIPELINE, [Batch(t, t.arrow_schema().empty_table()) for t in FORECAST_TABLES])


def write_forecasts(
    settings: Settings,
    cards: Sequence[ModelCard],
    forecasts: Sequence[pa.Table],
    drivers: Sequence[pa.Table] = (),
) -> dict[str, int]:
    """Write one run's models, forecasts and what drives them in one load.

    A forecast that is already there stays as it is. Returns new or changed rows by table.
    Raises loaders.errors.LoadError, which then left nothing half-written.
    """
    empty = FORECASTS.arrow_schema().empty_table()
    no_drivers = FORECAST_DRIVERS.arrow_schema().empty_table()
    batches = [
        Batch(MODEL_VERSIONS, model_versions_table(cards)),
        Batch(MODEL_HOLDOUTS, model_holdouts_table(cards)),
        Batch(FORECASTS, pa.concat_tables([empty, *forecasts])),
        Batch(FORECAST_DRIVERS, pa.concat_tables([no_drivers, *drivers])),
    ]
    _, changed = write(settings, PIPELINE, batches)
    return changed


def model_versions_table(cards: Sequence[ModelCard]) -> pa.Table:
    """Model cards as rows of `model_versions`, one a version."""
    rows = [_card_row(card) for card in {c.model_version: c for c in cards}.values()]
    return pa.Table.from_pylist(rows, schema=MODEL_VERSIONS.arrow_schema())


def model_holdouts_table(cards: Sequence[ModelCard]) -> pa.Table:
    """Held-out days of models as rows of `model_holdouts`, one a version and day."""
    rows = [
        (card.model_version, date.fromisoformat(day), *sums)
        for card in {c.model_version: c for c in cards}.values()
        for day, *sums in card.holdout
    ]
    schema = MODEL_HOLDOUTS.arrow_schema()
    return pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)


def _card_row(card: ModelCard) -> dict[str, object]:
    return {
        "model_version": card.model_version,
        "system": card.system,
        "market": card.market,
        "information_set": card.information_set,
        "trained_as_of": card.trained_as_of,
        "trained_at": card.trained_at,
        "train_start_date": card.rows.start_date,
        "train_end_date": card.rows.end_date,
        "n_rows": card.rows.n_rows,
        "feature_list": json.dumps(card.features),
        "feature_list_hash": card.feature_list_hash,
        "parameters": json.dumps(card.parameters, sort_keys=True),
        "variance_law": None if card.law is None else card.law.to_json(),
        "library_versions": json.dumps(card.library_versions, sort_keys=True),
        "git_sha": card.git_sha,
        "max_source_load_id": card.rows.max_source_load_id,
        "metrics": json.dumps(card.metrics, sort_keys=True),
    }
