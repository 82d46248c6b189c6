"""BigQuery: datasets of a project, asked over HTTP, never for longer than the settings allow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loaders.engines.base import Engine, Parameters, Publication, Published
from loaders.environment import environment
from loaders.errors import NotAFile, WarehouseMissing, WarehouseNotConfigured
from loaders.settings import SANDBOX

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings
    from loaders.tables import RawTable


class BigQuery(Engine):
    """The datasets of one project; a dataset of one's own prefixes the names of all of them."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        if settings.bigquery_project is None:
            raise WarehouseNotConfigured(
                "the target bigquery needs a project: set NBA_PROPS_BIGQUERY_PROJECT"
            )

    @property
    def place(self) -> str:
        """The project and its datasets."""
        project = self.settings.bigquery_project
        return f"BigQuery {project}, datasets {self.dataset('marts')} and others"

    @property
    def published_place(self) -> str:
        """The datasets that people read."""
        return f"BigQuery {self.settings.bigquery_project}, datasets {self.dataset('published')}_*"

    @property
    def is_simulated(self) -> bool:
        """Whether the dataset is the one named after the simulated league."""
        return self.settings.bigquery_dataset == SANDBOX

    @property
    def chosen_by(self) -> str:
        """Target, project and dataset."""
        settings = self.settings
        return (
            f"NBA_PROPS_TARGET={settings.target} "
            f"NBA_PROPS_BIGQUERY_PROJECT={settings.bigquery_project} "
            f"NBA_PROPS_BIGQUERY_DATASET={settings.bigquery_dataset}"
        )

    @property
    def modules(self) -> tuple[str, ...]:
        """Of dbt-bigquery and of dlt's destination."""
        return "dbt.adapters.bigquery", "dlt.destinations.impl.bigquery.bigquery"

    def simulated(self) -> Settings:
        """The dataset `sandbox`, whose name stands before those of all others it needs."""
        return self.settings.model_copy(update={"bigquery_dataset": SANDBOX})

    def dataset(self, schema: str) -> str:
        """The schema, behind the name of a developer's dataset."""
        return f"{self.settings.bigquery_prefix}{schema}"

    def published_dataset(self, schema: str) -> str:
        """The dataset in which people read what is published of a schema."""
        return self.dataset("published" if schema == "published" else f"published_{schema}")

    @contextmanager
    def loading(self) -> Iterator[Any]:
        """The dlt destination; dlt tries a job again as often, and in as many threads, as set."""
        from loaders.engines.bigquery_loading import destination

        wanted = {
            "LOAD__RAISE_ON_MAX_RETRIES": str(self.settings.bigquery_job_retries + 1),
            "LOAD__WORKERS": str(self.settings.bigquery_threads),
        }
        with environment(wanted):
            yield destination(self.settings)

    def shaped(self, resource: Any, table: RawTable) -> Any:
        """The resource with the table's partition and clusters."""
        from loaders.engines.bigquery_loading import shaped

        return shaped(resource, table)

    def query(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Rows of one select against the warehouse."""
        from loaders.engines.bigquery_client import select
        from loaders.engines.bigquery_names import select_with

        return select(self.settings, select_with(sql, self.dataset), parameters)

    def query_published(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Rows of one select against the views on what is published."""
        from loaders.engines.bigquery_client import select
        from loaders.engines.bigquery_names import select_with

        try:
            return select(self.settings, select_with(sql, self.published_dataset), parameters)
        except WarehouseMissing as error:
            if self.exists("published.publication"):
                raise
            raise WarehouseMissing(
                f"nothing is published in {self.published_place} yet: "
                "`nba-props daily` publishes at its end, `nba-props demo` shows how"
            ) from error

    def exists(self, relation: str) -> bool:
        """Whether the table or view is there."""
        from loaders.engines.bigquery_client import table

        schema, name = relation.split(".")
        return table(self.settings, f"{self.dataset(schema)}.{name}") is not None

    def columns(self, relations: Collection[str]) -> dict[str, set[str]]:
        """What the API says about each; nothing of it is billed."""
        from loaders.engines.bigquery_client import table

        stored = {}
        for relation in relations:
            schema, name = relation.split(".")
            found = table(self.settings, f"{self.dataset(schema)}.{name}")
            if found is not None:
                stored[relation] = {column.name.lower() for column in found.schema}
        return stored

    def delete(self, relation: str, where: str, parameters: Parameters = ()) -> int:
        """One statement, which is a transaction by itself."""
        from loaders.engines.bigquery_client import execute
        from loaders.engines.bigquery_names import delete_with

        sql = delete_with(f"delete from {relation} where {where}", self.dataset)
        return execute(self.settings, sql, parameters).num_dml_affected_rows or 0

    def published_sets(self) -> list[str]:
        """The pointer's run, then the others whose rows are kept."""
        from loaders.engines.publish_bigquery import stored_sets

        return stored_sets(self)

    def drop_published(self, run_ids: Collection[str]) -> None:
        """Delete their rows from every published table."""
        from loaders.engines.publish_bigquery import drop_sets

        drop_sets(self, run_ids)

    def files(self) -> tuple[Path, ...]:
        """There are none. Raises: NotAFile."""
        raise NotAFile(
            f"{self.place} is no file that could be copied: BigQuery itself keeps seven days "
            "(select … for system_time as of …), and longer in a snapshot of a dataset's tables "
            "(create snapshot table …); see docs/operations.md"
        )

    def held(self) -> AbstractContextManager[None]:
        """Nothing holds it. Raises: NotAFile."""
        self.files()
        return nullcontext()

    def copied(self, folder: Path) -> AbstractContextManager[None]:
        """There is nothing to copy. Raises: NotAFile."""
        return self.held()

    @contextmanager
    def writing(self, waiting: Callable[[str], None]) -> Iterator[None]:
        """Ask it something, at no cost: nothing locks it here, but it may be out of reach."""
        self.query("select 1 as one")
        yield

    def publish(self, publication: Publication) -> Published:
        """Insert the rows under the run's id, then switch the pointer that the views follow."""
        from loaders.engines.publish_bigquery import publish

        return publish(self, publication)

    def dbt_environment(self) -> dict[str, str]:
        """The settings under the names by which profiles.yml reads them."""
        settings = self.settings
        values = {
            "NBA_PROPS_BIGQUERY_PROJECT": settings.bigquery_project,
            "NBA_PROPS_BIGQUERY_DATASET": settings.bigquery_dataset,
            "NBA_PROPS_BIGQUERY_LOCATION": settings.bigquery_location,
            "NBA_PROPS_BIGQUERY_METHOD": settings.bigquery_method,
            "NBA_PROPS_BIGQUERY_KEYFILE": settings.bigquery_keyfile,
            "NBA_PROPS_BIGQUERY_API_ENDPOINT": settings.bigquery_api_endpoint,
            "NBA_PROPS_BIGQUERY_MAXIMUM_BYTES_BILLED": settings.bigquery_maximum_bytes_billed,
            "NBA_PROPS_BIGQUERY_HTTP_TIMEOUT_SECONDS": settings.bigquery_http_timeout_seconds,
            "NBA_PROPS_BIGQUERY_JOB_TIMEOUT_SECONDS": settings.bigquery_job_timeout_seconds,
            "NBA_PROPS_BIGQUERY_JOB_RETRIES": settings.bigquery_job_retries,
            "NBA_PROPS_BIGQUERY_RETRY_DEADLINE_SECONDS": settings.bigquery_retry_deadline_seconds,
            "NBA_PROPS_BIGQUERY_THREADS": settings.bigquery_threads,
            "NBA_PROPS_BIGQUERY_DEV_TABLE_HOURS": settings.bigquery_dev_table_hours,
            "DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN": (
                settings.bigquery_token and settings.bigquery_token.get_secret_value()
            ),
        }
        return {name: "" if value is None else str(value) for name, value in values.items()}

    def running_dbt(self) -> AbstractContextManager[None]:
        """Google's client gives up as soon as ours does; by itself it tries for ten minutes."""
        from loaders.engines.bigquery_client import bounded_retries

        return bounded_retries(self.settings.bigquery_retry_deadline_seconds)
