"""How a raw table is declared, once: columns, types, descriptions, key and way of writing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pyarrow as pa

DataType = Literal["text", "bigint", "double", "bool", "date", "timestamp"]
Strategy = Literal["upsert", "insert-only", "cdc", "scd2", "append"]

ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
}
SQL_TYPES = {
    "text": "varchar",
    "bigint": "bigint",
    "double": "double",
    "bool": "boolean",
    "date": "date",
    "timestamp": "timestamptz",
}
LOAD_ID = "_dlt_load_id"
VALIDITY = ("valid_from", "valid_to")


@dataclass(frozen=True)
class Column:
    """A declared column.

    source: where the value stands at the provider: a file's column, or a path in a JSON record
        (`player.id`, alternatives separated by `|`); the column's own name where empty.
    required: a row without it is rejected.
    optional: the provider may leave the field out of every record without that being news.
    sql: how the value is made from the source relation `s`, where a cast is not enough.
    made: filled by the loader, the provider does not have it.
    """

    name: str
    data_type: DataType
    description: str
    source: str = ""
    required: bool = False
    optional: bool = False
    sql: str = ""
    made: bool = False

    @property
    def field(self) -> str:
        """The provider's name of the value."""
        return self.source or self.name


@dataclass(frozen=True)
class RawTable:
    """A raw table.

    key: the columns that identify a row (unused by `append`).
    hashes: columns that are md5 over SQL expressions of the declared columns.
    rules: what must hold for a row, by the reason that a breach is rejected with.
    version: the column that tells a changed row (scd2, or upsert where some columns do not count).
    may_be_empty: an answer without a single row is plausible.
    partition: the date by which rows are kept apart, where an engine does that.
    cluster: the columns by which rows are kept together, where an engine does that.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    strategy: Strategy
    hashes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    version: str = ""
    may_be_empty: bool = True
    partition: str = ""
    cluster: tuple[str, ...] = ()

    @property
    def provided(self) -> tuple[Column, ...]:
        """The columns that come from the provider or the loader, not from a hash."""
        return tuple(c for c in self.columns if c.name not in self.hashes)

    def all_columns(self) -> tuple[Column, ...]:
        """Every column of the table as it stands in the warehouse (for dbt's source yml)."""
        extra = [
            Column(LOAD_ID, "text", "Load that last wrote the row; joins `_dlt_loads.load_id`.")
        ]
        if self.strategy == "scd2":
            extra = [
                Column(VALIDITY[0], "timestamp", "When a load first saw this version (UTC)."),
                Column(VALIDITY[1], "timestamp", "When a load no longer saw it; null: still so."),
                *extra,
            ]
        return (*self.columns, *extra)

    def arrow_schema(self) -> pa.Schema:
        """The schema of the Arrow tables that are loaded."""
        return pa.schema([(c.name, ARROW_TYPES[c.data_type]) for c in self.columns])

    def dlt_columns(self) -> dict[str, dict[str, Any]]:
        """The columns as dlt hints, the load id among them."""
        never_null = {*self.key, self.version, LOAD_ID}
        return {
            c.name: {
                "name": c.name,
                "data_type": c.data_type,
                "nullable": c.name not in never_null,
                "description": c.description,
            }
            for c in self.all_columns()
            if c.name not in VALIDITY
        }


REJECTS = RawTable(
    name="rejects",
    description="Rows that broke the declaration, kept with the reason instead of being loaded.",
    columns=(
        Column("row_key", "text", "md5 of resource, payload and reason."),
        Column("resource", "text", "Raw table that the row was meant for."),
        Column("payload", "text", "The row as the provider gave it, as JSON."),
        Column("reason", "text", "What is wrong with it, by column."),
        Column("captured_at", "timestamp", "When a load first met it (UTC)."),
    ),
    key=("row_key",),
    strategy="insert-only",
)
