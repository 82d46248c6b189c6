"""Writes models and forecasts into the warehouse: dlt pipeline and dataset of `forecasts`."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pyarrow as pa

from flows.forecasting.card import ModelCard
from flows.forecasting.tables import (
    FORECAST_DISTRIBUTIONS,
    FORECAST_DRIVERS,
    FORECAST_TABLES,
    FORECASTS,
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
    distributions: Sequence[pa.Table],
    drivers: Sequence[pa.Table] = (),
) -> dict[str, int]:
    """Write one run's models, forecasts, distributions and drivers (a table a model) in one load.

    A forecast that is already there stays as it is. Returns new or changed rows by table.
    Raises loaders.errors.LoadError, which then left nothing half-written.
    """
    empty = FORECASTS.arrow_schema().empty_table()
    no_rows = FORECAST_DISTRIBUTIONS.arrow_schema().empty_table()
    no_drivers = FORECAST_DRIVERS.arrow_schema().empty_table()
    batches = [
        Batch(MODEL_VERSIONS, model_versions_table(cards)),
        Batch(FORECASTS, pa.concat_tables([empty, *forecasts])),
        Batch(FORECAST_DISTRIBUTIONS, pa.concat_tables([no_rows, *distributions])),
        Batch(FORECAST_DRIVERS, pa.concat_tables([no_drivers, *drivers])),
    ]
    _, changed = write(settings, PIPELINE, batches)
    return changed


def model_versions_table(cards: Sequence[ModelCard]) -> pa.Table:
    """Model cards as rows of `model_versions`, one a version."""
    rows = [_card_row(card) for card in {c.model_version: c for c in cards}.values()]
    return pa.Table.from_pylist(rows, schema=MODEL_VERSIONS.arrow_schema())


def _card_row(card: ModelCard) -> dict[str, object]:
    return {
        "model_version": card.model_version,
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
        "variance_law": card.law.to_json(),
        "library_versions": json.dumps(card.library_versions, sort_keys=True),
        "git_sha": card.git_sha,
        "max_source_load_id": card.rows.max_source_load_id,
        "metrics": json.dumps(card.metrics, sort_keys=True),
    }
