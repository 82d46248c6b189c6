"""The one place that knows which engine a warehouse runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loaders.engines.base import Engine, Parameters, Publication, Published

if TYPE_CHECKING:
    from loaders.settings import Settings

__all__ = ["Engine", "Parameters", "Publication", "Published", "engine"]


def engine(settings: Settings) -> Engine:
    """The engine of the settings' target.

    Raises: WarehouseNotConfigured.
    """
    if settings.target == "bigquery":
        from loaders.engines.bigquery import BigQuery

        return BigQuery(settings)
    from loaders.engines.duckdb import DuckDB

    return DuckDB(settings)
