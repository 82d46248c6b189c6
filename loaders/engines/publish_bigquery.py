"""Publish on BigQuery: rows kept under the id of their run, and a pointer that is switched last.

`published_data.<schema>__<name>` holds the rows of this run and of the one before,
`published.publication` the one row that says which run is published, and the views
`published_<schema>.<name>`, which people read, show the rows of that run. Until the pointer is
switched, nothing that people see has changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from loaders.engines.base import Publication, Published
from loaders.engines.bigquery_client import execute, make_dataset, select, table, tables
from loaders.errors import PublishFailed, QueryFailed, WarehouseMissing
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    from loaders.engines.bigquery import BigQuery

RUN_ID = "published_run_id"
# The API still calls some types by their old names, which statements do not take.
TYPES = {"INTEGER": "INT64", "FLOAT": "FLOAT64", "BOOLEAN": "BOOL"}
# No game is older than the league's first. A large table is not read without a range of dates.
EVERY_DATE = f"({{column}} is null or {{column}} >= date '{FIRST_GAME_DATE}')"


@dataclass(frozen=True)
class Relation:
    """A public relation: its columns as name and type, and what a reader of all of it must say."""

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    every_row: str

    @property
    def data_table(self) -> str:
        """Name of the table with its rows."""
        return f"{self.schema}__{self.name}"

    @property
    def column_list(self) -> str:
        """Its columns, for a select or an insert."""
        return ", ".join(f"`{name}`" for name, _ in self.columns)


def publish(warehouse: BigQuery, publication: Publication) -> Published:
    """Insert the public relations' rows, switch the pointer, then drop what is no longer needed.

    Raises: PublishFailed, WarehouseError. Before the switch what was published is then as it was;
    behind it the new run is published, and the next publish tidies up.
    """
    publisher = _Publisher(warehouse, publication)
    try:
        relations = publisher.prepare()
        rows = publisher.insert(relations)
        publisher.switch()
    except (QueryFailed, WarehouseMissing) as error:
        raise PublishFailed(f"what was published stays as it was: {error}") from error
    publisher.tidy(relations)
    return Published(warehouse.published_place, len(relations), rows)


def stored_sets(warehouse: BigQuery) -> list[str]:
    """Run ids of which rows are stored: the one that people read first, then the newest."""
    if not warehouse.exists("published.publication"):
        return []
    shown = warehouse.query("select run_id from published.publication")["run_id"].to_pylist()
    names = tables(warehouse.settings, warehouse.dataset("published_data"))
    if not names:
        return shown
    rows = " union distinct ".join(
        f"select {RUN_ID} as run_id from published_data.{name}" for name in names
    )
    stored = warehouse.query(f"select run_id from ({rows}) as runs")["run_id"].to_pylist()
    return [*shown, *sorted(set(stored) - set(shown), reverse=True)]


def drop_sets(warehouse: BigQuery, run_ids: Collection[str]) -> None:
    """Delete the rows of these runs from every published table."""
    marks = ", ".join("?" for _ in run_ids)
    for name in tables(warehouse.settings, warehouse.dataset("published_data")):
        warehouse.delete(f"published_data.{name}", f"{RUN_ID} in ({marks})", list(run_ids))


class _Publisher:
    def __init__(self, warehouse: BigQuery, publication: Publication) -> None:
        self.warehouse = warehouse
        self.publication = publication
        self.settings = warehouse.settings
        self.pointer = self.name("published", "publication")
        self.previous: str | None = None

    def prepare(self) -> list[Relation]:
        """Whatever has to be there before a row is inserted; the public relations."""
        dataset = self.warehouse.dataset
        found = [
            (schema, name)
            for schema in self.publication.schemas
            for name in tables(self.settings, dataset(schema))
            if self.publication.is_public(schema, name)
        ]
        if not found:
            raise PublishFailed(
                f"{self.warehouse.place} hold no relation in "
                f"{', '.join(self.publication.schemas)}: build first"
            )
        for schema in ("published_data", "published", *dict.fromkeys(s for s, _ in found)):
            is_own = schema.startswith("published")
            make_dataset(self.settings, dataset(schema if is_own else f"published_{schema}"))
        self.run(
            f"create table if not exists {self.pointer}"
            " (run_id string, as_of timestamp, run_mode string, published_at timestamp)"
        )
        rows = select(self.settings, f"select run_id from {self.pointer}")["run_id"]
        self.previous = rows[0].as_py() if len(rows) else None
        return self.for_each(self.relation, found)

    def relation(self, found: tuple[str, str]) -> Relation:
        """What the API says about a public relation."""
        schema, name = found
        source = table(self.settings, f"{self.warehouse.dataset(schema)}.{name}")
        if source is None:
            raise PublishFailed(f"{schema}.{name} vanished while it was being published: run again")
        columns = tuple((one.name, _type(one)) for one in source.schema)
        by = source.time_partitioning and source.time_partitioning.field
        is_by_date = (by, "DATE") in columns
        return Relation(
            schema, name, columns, EVERY_DATE.format(column=by) if is_by_date else "true"
        )

    def insert(self, relations: Sequence[Relation]) -> int:
        """Insert the rows of every relation under the run's id; returns how many there are."""
        self.for_each(self.insert_one, relations)
        counts = " union all ".join(
            f"select count(*) as n from {self.data(one)} where {RUN_ID} = ?" for one in relations
        )
        ids = [self.publication.run_id] * len(relations)
        return sum(select(self.settings, counts, ids)["n"].to_pylist())

    def insert_one(self, relation: Relation) -> None:
        """Make the relation's table and view fit for its columns, and insert its rows."""
        source = self.name(relation.schema, relation.name)
        data = self.data(relation)
        stored = table(
            self.settings, f"{self.warehouse.dataset('published_data')}.{relation.data_table}"
        )
        if stored is None:
            self.run(
                f"create table {data} cluster by {RUN_ID} as"
                f" select {relation.column_list}, '' as {RUN_ID} from {source}"
                f" where {relation.every_row} and false"
            )
        else:
            self.widen(relation, {one.name: _type(one) for one in stored.schema})
            # rows of a publish of this very run that was killed
            self.run(f"delete from {data} where {RUN_ID} = ?", self.publication.run_id)
        self.run(
            f"insert into {data} ({relation.column_list}, {RUN_ID})"
            f" select {relation.column_list}, cast(? as string)"
            f" from {source} where {relation.every_row}",
            self.publication.run_id,
        )
        if table(self.settings, self.view_path(relation)) is None:
            self.make_view(relation)

    def widen(self, relation: Relation, stored: dict[str, str]) -> None:
        """Add the columns that are new."""
        for name, kind in relation.columns:
            if name not in stored:
                self.run(f"alter table {self.data(relation)} add column `{name}` {kind}")
            elif stored[name] != kind:
                raise PublishFailed(
                    f"what was published stays as it was: {relation.schema}.{relation.name}.{name} "
                    f"was {stored[name]} and is {kind} now; drop table {self.data(relation)}, "
                    "which hides the relation until the next publish, then publish again"
                )

    def switch(self) -> None:
        """Have the pointer say this run, in one statement."""
        publication = self.publication
        self.run(
            f"""
            merge into {self.pointer} as stored
            using (
                select
                    cast(? as string) as run_id,
                    cast(? as timestamp) as as_of,
                    cast(? as string) as run_mode,
                    cast(? as timestamp) as published_at
            ) as fresh
            on true
            when matched then update set
                run_id = fresh.run_id,
                as_of = fresh.as_of,
                run_mode = fresh.run_mode,
                published_at = fresh.published_at
            when not matched then insert (run_id, as_of, run_mode, published_at)
                values (fresh.run_id, fresh.as_of, fresh.run_mode, fresh.published_at)
            """,
            publication.run_id,
            publication.as_of,
            publication.run_mode,
            publication.published_at,
        )

    def tidy(self, relations: Sequence[Relation]) -> None:
        """Give views the columns of this run; drop rows and relations that nobody sees any more."""
        oldest = min(self.publication.run_id, self.previous or self.publication.run_id)
        self.for_each(partial(self.tidy_one, oldest=oldest), relations)
        kept = {one.data_table for one in relations}
        for gone in set(tables(self.settings, self.warehouse.dataset("published_data"))) - kept:
            schema, _, name = gone.partition("__")
            self.run(f"drop view if exists {self.name(f'published_{schema}', name)}")
            self.run(f"drop table if exists {self.name('published_data', gone)}")

    def tidy_one(self, relation: Relation, oldest: str) -> None:
        """The same of one relation."""
        view = table(self.settings, self.view_path(relation))
        if view is None or [one.name for one in view.schema] != [n for n, _ in relation.columns]:
            self.make_view(relation)
        self.run(f"delete from {self.data(relation)} where {RUN_ID} < ?", oldest)

    def make_view(self, relation: Relation) -> None:
        """Make or replace the view that people read."""
        self.run(
            f"create or replace view {self.name(f'published_{relation.schema}', relation.name)} as"
            f" select {relation.column_list} from {self.data(relation)}"
            f" where {RUN_ID} = (select run_id from {self.pointer})"
        )

    def view_path(self, relation: Relation) -> str:
        """The view as `dataset.name`."""
        return f"{self.warehouse.published_dataset(relation.schema)}.{relation.name}"

    def data(self, relation: Relation) -> str:
        """The table with the relation's rows, as a statement takes it."""
        return self.name("published_data", relation.data_table)

    def name(self, schema: str, name: str) -> str:
        """A relation of the warehouse, as a statement takes it."""
        project = self.settings.bigquery_project
        return f"`{project}`.`{self.warehouse.dataset(schema)}`.`{name}`"

    def run(self, sql: str, *parameters: Any) -> None:
        """Run one statement."""
        execute(self.settings, sql, parameters)

    def for_each(self, function: Any, items: Sequence[Any]) -> list[Any]:
        """Call the function with each item, some at a time; raises what the first one raised."""
        with ThreadPoolExecutor(self.settings.bigquery_threads) as pool:
            return list(pool.map(function, items))


def _type(column: Any) -> str:
    kind = TYPES.get(column.field_type, column.field_type)
    return f"array<{kind}>" if column.mode == "REPEATED" else kind
