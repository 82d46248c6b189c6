"""A few public models on BigQuery, to publish."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.runs import Run
from loaders.engines import engine
from loaders.engines.bigquery_client import execute, make_dataset
from loaders.settings import Settings

AS_OF = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)
RUN = Run("run-1", "daily", "live", as_of=AS_OF, started_at=AS_OF)
RELATIONS = ("marts.games", "marts.active_predictions", "reports.todays_slate")


def make_models(settings: Settings, name: str) -> None:
    """Make the models anew; every row bears the name."""
    warehouse = engine(settings)
    marts, reports = warehouse.dataset("marts"), warehouse.dataset("reports")
    for dataset in (marts, reports):
        make_dataset(settings, dataset)
    for statement in (
        f"create or replace table {marts}.games partition by game_date as"
        f" select '{name}' as name, date '2026-01-15' as game_date, 0.5 as number"
        f" union all select '{name}', null, null",
        f"create or replace table {marts}.ml_feature_store as select 1 as hidden",
        f"create or replace view {marts}.active_predictions as"
        f" select name from {marts}.games where game_date >= date '2026-01-01'",
        f"create or replace table {reports}.todays_slate as"
        f" select '{name}' as name, timestamp '2026-01-15 22:30:00.5+00' as seen_at, true as flag",
    ):
        execute(settings, statement)


def shown(settings: Settings) -> list[str]:
    """The names that people see, over all relations."""
    names = " union distinct ".join(f"select name from {one}" for one in RELATIONS)
    found = engine(settings).query_published(f"{names} order by name")
    return found["name"].to_pylist()
