"""The bytes of each table that BigQuery would bill a statement for, told from its DuckDB SQL.

On-demand queries are billed by the logical bytes of the columns that they reference, in the
partitions that constant conditions leave; a DELETE or a MERGE also by all columns of the partitions
it may change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import OptimizeError
from sqlglot.optimizer.pushdown_predicates import pushdown_predicates
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

PARTITION = "game_date"
# Whatever a query reads of a table, so much of it is billed.
LEAST_BILLED = 10 * 2**20


@dataclass(frozen=True)
class Size:
    """A table's rows, and the logical bytes that each column would take on BigQuery."""

    rows: int
    columns: Mapping[str, int]

    @property
    def bytes(self) -> int:
        """All columns."""
        return sum(self.columns.values())


@dataclass(frozen=True)
class Read:
    """What a statement reads of a table (`schema.name`).

    dates: a condition on the partition column, or None for every partition.
    """

    table: str
    columns: frozenset[str]
    dates: str | None = None


def measure(connection: Any) -> dict[str, Size]:
    """Sizes of all tables of the DuckDB file of this connection, one aggregate a table."""
    columns: dict[str, dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where database_name = current_database() and not internal"
        " and table_name in (select table_name from duckdb_tables()) order by column_index"
    ).fetchall():
        columns.setdefault(f"{schema}.{table}", {})[column] = kind
    sizes = {}
    for table, kinds in columns.items():
        totals = ", ".join(_logical_bytes(column, kind) for column, kind in kinds.items())
        rows, *found = connection.execute(f"select count(*), {totals} from {table}").fetchone()
        sizes[table] = Size(rows, {name: int(n or 0) for name, n in zip(kinds, found, strict=True)})
    return sizes


def _logical_bytes(column: str, kind: str) -> str:
    """NULL is free; texts cost 2 bytes more than their UTF-8; booleans 1 byte, all else 8."""
    if kind == "VARCHAR":
        return f'sum(2 + strlen("{column}"))'
    return f'{1 if kind == "BOOLEAN" else 8} * count("{column}")'


class Reader:
    """Tells what statements read.

    Args:
        tables: columns by `schema.name`, of tables and views alike.
        views: `create view` by `schema.name`; BigQuery bills what stands behind a view.
        partitioned: tables with partitions of `game_date`.
    """

    def __init__(
        self,
        tables: Mapping[str, Collection[str]],
        views: Mapping[str, str],
        partitioned: Collection[str],
    ) -> None:
        self.tables = tables
        self.partitioned = partitioned
        self._views = {name: parsed(sql)[0].expression for name, sql in views.items()}
        self._schema: dict[str, dict[str, dict[str, str]]] = {}
        for name, columns in tables.items():
            schema, table = name.split(".")
            self._schema.setdefault(schema, {})[table] = dict.fromkeys(columns, "unknown")

    def reads(self, sql: str) -> list[Read]:
        """What a statement reads, a table at most once; nothing where it only defines.

        Raises:
            ValueError: a column or a table that is not there.
        """
        found: list[Read] = []
        for statement in parsed(sql):
            if isinstance(statement, exp.Delete):
                found.append(self._changed(statement))
                found += self._of_queries(
                    q for q in statement.find_all(exp.Select) if q.parent_select is None
                )
            elif isinstance(statement, exp.Create | exp.Insert):
                if statement.args.get("kind") != "VIEW":
                    found += self._of_queries([statement.expression])
            else:
                found += self._of_queries([statement])
        return _together(found)

    def _changed(self, statement: exp.Delete) -> Read:
        """A DELETE is billed for every column of the partitions that it may change."""
        table = statement.this
        where = statement.args.get("where")
        dates = self._dates(name_of(table), table.alias_or_name, where)
        return Read(name_of(table), frozenset(self.tables[name_of(table)]), dates)

    def _of_queries(self, queries: Iterable[exp.Expression | None]) -> Iterator[Read]:
        for query in queries:
            if isinstance(query, exp.Query) and not _is_empty(query):
                yield from self._of_query(query.unnest())

    def _of_query(self, query: exp.Query) -> Iterator[Read]:
        try:
            whole = exp.expand(query.copy(), self._views, dialect="duckdb")
            whole = qualify(whole, schema=self._schema, dialect="duckdb")
            whole = pushdown_projections(pushdown_predicates(whole), schema=self._schema)
        except OptimizeError as error:
            raise ValueError(f"{error}: {query.sql('duckdb')[:200]}") from error
        for scope in traverse_scope(whole):
            for alias, source in scope.sources.items():
                if isinstance(source, exp.Table) and source.db:
                    columns = {c.name for c in scope.columns if c.table == alias}
                    where = scope.expression.args.get("where")
                    dates = self._dates(name_of(source), alias, where)
                    yield Read(name_of(source), frozenset(columns), dates)

    def _dates(self, table: str, alias: str, where: exp.Where | None) -> str | None:
        """The conditions that name partitions by constants, put together."""
        if table not in self.partitioned or where is None:
            return None
        parts = where.this.unnest()
        parts = list(parts.flatten()) if isinstance(parts, exp.And) else [parts]
        constant = [p for p in parts if _is_on_dates_alone(p, alias)]
        return " and ".join(f"({_bare(p)})" for p in constant) or None


def _is_on_dates_alone(condition: exp.Expression, alias: str) -> bool:
    columns = list(condition.find_all(exp.Column))
    return (
        bool(columns)
        and all(c.name == PARTITION and c.table in (alias, "") for c in columns)
        and condition.find(exp.Select) is None
    )


def _bare(condition: exp.Expression) -> str:
    bare = condition.copy().transform(
        lambda node: exp.column(node.name) if isinstance(node, exp.Column) else node
    )
    return bare.sql("duckdb")


def _together(reads: list[Read]) -> list[Read]:
    """A table is billed once a statement: all columns, in all partitions, that some part reads."""
    merged: dict[str, Read] = {}
    for read in reads:
        if other := merged.get(read.table):
            dates = None
            if read.dates is not None and other.dates is not None:
                dates = " or ".join(dict.fromkeys([other.dates, read.dates]))
            read = Read(read.table, read.columns | other.columns, dates)
        merged[read.table] = read
    return list(merged.values())


def _is_empty(query: exp.Query) -> bool:
    """A select for its columns' sake, of no row."""
    limit = query.args.get("limit")
    return limit is not None and limit.expression.name == "0"


def parsed(sql: str) -> list[exp.Expression]:
    """The statements of a text, without the names of catalogs."""
    statements = [one for one in sqlglot.parse(sql, read="duckdb") if one is not None]
    for statement in statements:
        for table in statement.find_all(exp.Table):
            table.set("catalog", None)
    return statements


def name_of(table: exp.Table) -> str:
    """`schema.name`."""
    return f"{table.db}.{table.name}"
