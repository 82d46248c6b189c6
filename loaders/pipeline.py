"""Writes Arrow tables into the warehouse through dlt: one pipeline a source, one load a call."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

import dlt
import pyarrow as pa
from dlt.common.exceptions import DltException
from dlt.pipeline.exceptions import PipelineStepFailed

from loaders.engines import Engine, engine
from loaders.errors import LoadError, WarehouseError
from loaders.quarantine import Split
from loaders.settings import Settings
from loaders.tables import LOAD_ID, VALIDITY, RawTable

log = logging.getLogger(__name__)

# as variables, because dlt looks for config.toml in the folder that a command was started in
os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")
os.environ.setdefault("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID", "true")
os.environ.setdefault("NORMALIZE__WORKERS", "1")

# `columns` may evolve, because only declared columns get this far: what a provider sends beyond
# them is dropped, and named, before; with discard_value dlt would drop a newly declared one too
CONTRACT = {"tables": "evolve", "columns": "evolve", "data_type": "freeze"}


@dataclass(frozen=True)
class LoadOutcome:
    """What a load did with one resource; of one that failed, nothing is in the raw tables.

    resource: None where a load failed before or behind its requests.

    rows: new or changed rows in the raw table (0 after an unchanged re-load).
    received: valid rows that the provider gave, without duplicates.
    rejected: rows that went to `rejects`.
    unknown_fields: fields of the provider that nobody declared; they are not loaded.
    missing_fields: declared fields that no record carried.
    skipped: things of which the provider has nothing, no more (events) or not yet (games).
    requests, http_statuses: sent for it, repeated ones too, and what they were answered with
        ('200,429'); None for files.
    """

    source: str
    resource: str | None
    status: Literal["loaded", "no_data", "failed"]
    rows: int
    rejected: int
    load_id: str | None
    received: int = 0
    unknown_fields: tuple[str, ...] = ()
    missing_fields: tuple[str, ...] = ()
    skipped: int = 0
    requests: int | None = None
    http_statuses: str | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_class: str | None = None
    error: str | None = None

    @classmethod
    def of(
        cls,
        source: str,
        resource: str,
        split: Split,
        written: tuple[str, Mapping[str, int]],
        *,
        answered: bool,
        **more: Any,
    ) -> LoadOutcome:
        """Of a resource whose rows are written.

        split: its rows, valid and rejected.
        written: what `write` returned.
        answered: whether the provider gave anything at all.
        more: unknown_fields, missing_fields, skipped.
        """
        load_id, changed = written
        return cls(
            source=source,
            resource=resource,
            status="loaded" if answered else "no_data",
            rows=changed[resource],
            rejected=split.rejects.num_rows,
            load_id=load_id,
            received=split.valid.num_rows,
            **more,
        )


@dataclass(frozen=True)
class Batch:
    """The rows of one table in one load.

    rows: Arrow table in the declared schema.
    scope: SQL over destination columns, for `cdc`: stored rows in it that the batch lacks vanish.
    boundary: the instant at which `scd2` versions change.
    """

    table: RawTable
    rows: pa.Table
    scope: str = ""
    boundary: datetime | None = None


def write(settings: Settings, name: str, batches: Sequence[Batch]) -> tuple[str, dict[str, int]]:
    """Load `batches` in one dlt package into the dataset `raw_<name>`.

    Returns the load id and, by table, the number of rows that this load inserted or changed.
    A package that a killed load left behind is finished where it had begun to write, else dropped.
    Raises: WarehouseError, LoadError.
    """
    target = engine(settings)
    with target.loading() as destination:
        pipe = _pipeline(settings, name, destination)
        with _told(settings, pipe):
            _settle_pending(pipe)
            resources = [_resource(target, batch) for batch in batches]
            info = pipe.run(resources, schema_contract=CONTRACT)
            load_id = info.loads_ids[-1]
            return load_id, _changed(pipe, batches, load_id)


def create_tables(settings: Settings, tables: Mapping[str, Sequence[RawTable]]) -> None:
    """Create tables, or the columns they lack, by source; no row is written or touched."""
    target = engine(settings)
    with target.loading() as destination:
        for name, declared in tables.items():
            pipe = _pipeline(settings, name, destination)
            empty = [Batch(t, t.arrow_schema().empty_table()) for t in map(_appendable, declared)]
            with _told(settings, pipe):
                _settle_pending(pipe)
                # only the schema that dlt draws from the empty tables is wanted, not a load of
                # them; normalising completes the tables of dlt's own
                resources = [_resource(target, batch) for batch in empty]
                pipe.extract(resources, schema_contract=CONTRACT)
                pipe.normalize()
                pipe.sync_schema()
            pipe.abort_packages()


@contextmanager
def _told(settings: Settings, pipe: dlt.Pipeline) -> Iterator[None]:
    """Say in one line what failed; what had begun is left for the next load to finish."""
    try:
        yield
    except (DltException, WarehouseError) as error:
        if pipe.has_pending_data and not _begun(pipe):
            pipe.abort_packages()
        for cause in _causes(error):
            if isinstance(cause, WarehouseError):
                raise type(cause)(f"Loading {pipe.dataset_name}: {cause}") from error
        step = f" in the step {error.step}" if isinstance(error, PipelineStepFailed) else ""
        reason = getattr(error, "exception", None) or error
        raise LoadError(
            settings.scrubbed(f"Loading {pipe.dataset_name} failed{step}: {_line(reason)[:400]}")
        ) from error


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and whatever it comes from; dlt keeps the error of a job beside the chain."""
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and id(one) not in seen:
            seen.add(id(one))
            yield one
            beside = [getattr(one, name, None) for name in ("exception", "client_exception")]
            waiting += [one.__cause__, one.__context__, *beside, *one.args]


def _appendable(table: RawTable) -> RawTable:
    columns = tuple(c for c in table.all_columns() if c.name != LOAD_ID)
    return replace(table, columns=columns, strategy="append")


def missing_columns(
    settings: Settings, tables: Mapping[str, Sequence[RawTable]]
) -> dict[str, list[RawTable]]:
    """By source, the declared tables that the warehouse lacks, or lacks a column of."""
    lacking: dict[str, list[RawTable]] = {}
    with engine(settings).loading() as destination:
        for name, declared in tables.items():
            pipe = _pipeline(settings, name, destination)
            with _told(settings, pipe):
                stored = _stored_columns(pipe, [t.name for t in declared])
            lacking[name] = [
                t for t in declared if {c.name for c in t.all_columns()} - stored.get(t.name, set())
            ]
    return {name: found for name, found in lacking.items() if found}


def _stored_columns(pipe: dlt.Pipeline, tables: Sequence[str]) -> dict[str, set[str]]:
    with pipe.destination_client() as client:
        if not client.is_storage_initialized():
            return {}
        return {name: set(columns) for name, columns in client.get_storage_tables(tables)}


def _pipeline(settings: Settings, name: str, destination: Any) -> dlt.Pipeline:
    return dlt.pipeline(
        pipeline_name=name,
        pipelines_dir=str(settings.dlt_dir),
        destination=destination,
        dataset_name=engine(settings).dataset(f"raw_{name}"),
    )


def _settle_pending(pipe: dlt.Pipeline) -> None:
    """Deal with what a killed load left: rows half written are completed, all else is dropped."""
    if not pipe.has_pending_data:
        return
    if begun := _begun(pipe):
        log.warning("%s: finishing load %s, which was interrupted", pipe.pipeline_name, begun[0])
        try:
            pipe.load()
        except PipelineStepFailed as error:
            if any(isinstance(cause, WarehouseError) for cause in _causes(error)):
                raise
            log.warning("%s: it cannot be finished: %s", pipe.pipeline_name, _line(error)[:400])
    if pipe.has_pending_data:
        log.warning("%s: dropping an interrupted load", pipe.pipeline_name)
        pipe.abort_packages()


def _begun(pipe: dlt.Pipeline) -> list[str]:
    """The pending packages of which some table may have been written."""
    return [i for i in pipe.list_normalized_load_packages() if _has_begun(pipe, i)]


def _has_begun(pipe: dlt.Pipeline, load_id: str) -> bool:
    jobs = pipe.get_load_package_info(load_id).jobs
    # a job that failed waits among the new ones again, and may have written all the same
    tried = [job for job in jobs["new_jobs"] if job.job_file_info.retry_count]
    return bool(jobs["started_jobs"] or jobs["completed_jobs"] or tried)


def _resource(target: Engine, batch: Batch) -> Any:
    table = batch.table
    resource = dlt.resource(
        [batch.rows],
        name=table.name,
        columns=table.dlt_columns(),
        primary_key=table.key or None,
        write_disposition=_disposition(batch),
    )
    return target.shaped(resource, table)


def _disposition(batch: Batch) -> Any:
    table = batch.table
    if table.strategy == "append":
        return "append"
    merge: dict[str, Any] = {"disposition": "merge", "strategy": table.strategy}
    if table.strategy in ("upsert", "cdc"):
        merge["skip_unchanged_rows"] = True
    if table.strategy == "cdc" and batch.scope:
        merge["destination_scope"] = batch.scope
    if table.version:
        merge["row_version_column_name"] = table.version
    if table.strategy == "scd2":
        merge["validity_column_names"] = list(VALIDITY)
        merge["boundary_timestamp"] = batch.boundary
    return merge


def _changed(pipe: dlt.Pipeline, batches: Sequence[Batch], load_id: str) -> dict[str, int]:
    """By table, the rows that carry this load's id, and the versions that it closed."""
    with pipe.sql_client() as client:
        counts = " union all ".join(
            f"select '{b.table.name}', count(*) "
            f"from {client.make_qualified_table_name(b.table.name)} where {_touched(b, load_id)}"
            for b in batches
        )
        return dict(client.execute_sql(counts) or [])


def _touched(batch: Batch, load_id: str) -> str:
    where = f"{LOAD_ID} = '{load_id}'"
    if batch.table.strategy == "scd2" and batch.boundary:
        where += f" or {VALIDITY[1]} = timestamp '{batch.boundary.isoformat()}'"
    return where
