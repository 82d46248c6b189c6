"""dlt's BigQuery destination over our client: bounded waits, and batch load jobs only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dlt.common.configuration.specs import GcpOAuthCredentials
from dlt.common.destination import DestinationCapabilitiesContext, PreparedTableSchema
from dlt.common.schema import Schema
from dlt.common.storages.load_storage import ParsedLoadJobFileName
from dlt.destinations import bigquery
from dlt.destinations.adapters import bigquery_adapter
from dlt.destinations.impl.bigquery.bigquery import BigQueryClient, BigQueryLoadJob
from dlt.destinations.impl.bigquery.configuration import BigQueryClientConfiguration
from dlt.destinations.impl.bigquery.sql_client import BigQuerySqlClient

from loaders.engines.bigquery_client import client, load_job

if TYPE_CHECKING:
    from loaders.settings import Settings
    from loaders.tables import RawTable


def destination(settings: Settings) -> bigquery:
    """The dlt destination of these settings."""
    # never asked for: our client has its own; but without any, dlt would look for some
    credentials = GcpOAuthCredentials()
    credentials.project_id = settings.bigquery_project
    credentials.__is_resolved__ = True
    made = _Destination(
        credentials=credentials,
        project_id=settings.bigquery_project,
        location=settings.bigquery_location,
        http_timeout=settings.bigquery_http_timeout_seconds,
        retry_deadline=settings.bigquery_retry_deadline_seconds,
        file_upload_timeout=settings.bigquery_job_timeout_seconds,
    )
    made.settings = settings
    return made


def shaped(resource: Any, table: RawTable) -> Any:
    """The resource with the table's partition and clusters, if it has any."""
    if not (table.partition or table.cluster):
        return resource
    return bigquery_adapter(
        resource, partition=table.partition or None, cluster=list(table.cluster) or None
    )


class _SqlClient(BigQuerySqlClient):
    """dlt's SQL over our client, which stays open for whoever comes next."""

    settings: Settings

    def open_connection(self) -> Any:
        """Our client; dlt would make one that asks the settings nothing."""
        self._client = client(self.settings)
        return self._client

    def close_connection(self) -> None:
        """Let go of it."""
        self._client = None


class _LoadClient(BigQueryClient):
    """Loads each file once, also where the answer to a first try was lost."""

    def __init__(
        self,
        schema: Schema,
        config: BigQueryClientConfiguration,
        capabilities: DestinationCapabilitiesContext,
    ) -> None:
        super().__init__(schema, config, capabilities)
        self.sql_client = _SqlClient(
            self.sql_client.dataset_name,
            self.sql_client.staging_dataset_name,
            config.credentials,
            capabilities,
            config.get_location(),
            config.project_id,
            config.http_timeout,
            config.retry_deadline,
        )

    def _create_load_job(self, table: PreparedTableSchema, file_path: str) -> Any:
        # dlt counts its tries in the job's id, so that the same file would be loaded twice
        this = ParsedLoadJobFileName.parse(file_path)
        for tried in range(this.retry_count):
            earlier = this._replace(retry_count=tried).file_name()
            job = load_job(
                self.sql_client.settings, BigQueryLoadJob.get_job_id_from_file_path(earlier)
            )
            if job is not None and job.error_result is None:
                return job
        return super()._create_load_job(table, file_path)


class _Destination(bigquery):
    """dlt's BigQuery destination whose clients are ours."""

    # set afterwards: dlt reads the arguments of __init__ as those of its own class
    settings: Settings

    @property
    def client_class(self) -> type[BigQueryClient]:
        """Ours."""
        return _LoadClient

    def client(self, schema: Schema, initial_config: Any = None) -> _LoadClient:
        """A job client of these settings."""
        made = super().client(schema, initial_config)
        made.sql_client.settings = self.settings
        return made
