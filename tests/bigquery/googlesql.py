"""BigQuery's SQL without BigQuery: Google's own analyzer as a gate, and evaluator as an oracle.

The analyzer knows the language, not the service: it takes ALTER and DROP of a table that is not
declared, and any OPTIONS, and asks for no partition filter. The evaluator is no engine: it reads
a cell in 2-3 us, takes several us a row and step, keeps 128 MB of intermediate rows, and joins by
hash on equalities alone: another join, or a correlated subquery, loops over all pairs, 8 us each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from google.protobuf.message import Message
from googlesql_analysis import (
    Analyzer,
    Scope,
    SqlRejected,
    Types,
    Unsupported,
    head_of,
    names_of,
)
from googlesql_language import Column, add_table, analyzer_options, empty_catalog, table_name
from googlesql_module import CallFailed, GoogleSqlModule
from googlesql_syntax import (
    concrete,
    kind,
    names_columns_of_a_star,
    span,
    used_columns,
    walk,
    with_joined_memberships,
    with_sources,
)
from googlesql_values import content_entry, decoded_rows, encoded_columns, type_name
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.resolved_ast.resolved_ast_enums_pb2 import ResolvedSubqueryExprEnums

__all__ = ["Column", "EvaluationFailed", "GoogleSql", "SqlRejected", "Unsupported"]

# the module's code for a statement that is not sound
INVALID_ARGUMENT = 3


class EvaluationFailed(Exception):
    """The statement is sound, but running it failed: division by zero, overflow, no memory …"""


@dataclass(frozen=True)
class _Read:
    """A table as a query reads it. Handing over cells takes time, so only the needed columns."""

    name: str
    path: tuple[str, ...]
    columns: Types

    @property
    def identifier(self) -> str:
        """The name while the query runs: only a top-level table can have contents."""
        return ".".join(self.path)


class GoogleSql:
    """One catalog of tables, named `dataset.table` (a project in front and quotes are dropped).

    cache_dir: where the compiled module is kept; None for a folder of the user's.
    Not for several threads at once.
    """

    def __init__(self, cache_dir: Path | None = None):
        self._module = GoogleSqlModule(cache_dir)
        self._analyzer = Analyzer(self._module)
        self._tables: dict[str, Types] = {}
        self._contents: dict[str, dict[str, pa.BinaryArray]] = {}

    def declare(self, table: str, columns: Sequence[Column]) -> None:
        """Add or replace a table without rows. Raises SqlRejected for a type BigQuery has not."""
        name = table_name([table])
        self._tables[name] = self._analyzer.typed(columns)
        self._contents.pop(name, None)

    def fill(self, table: str, rows: pa.Table) -> None:
        """Add or replace a table with its rows.

        Types: string, int64, float64, bool, date32, timestamp[us, UTC]; TypeError for others.
        """
        content = encoded_columns(rows)
        self.declare(table, [Column(found.name, type_name(found.type)) for found in rows.schema])
        self._contents[table_name([table])] = content

    def drop(self, table: str) -> None:
        """Forget a table. Raises KeyError where it was never declared."""
        del self._tables[table_name([table])]
        self._contents.pop(table_name([table]), None)

    def analyze(self, sql: str) -> tuple[Column, ...]:
        """The columns of a query, or of the table or view that a statement creates; else ().

        A script is analyzed statement by statement, with its variables and the tables it creates;
        its columns are those of its last statement that has some. Parameters (@name or ?) take the
        type that their place asks for. Raises SqlRejected, Unsupported.
        """
        return self._analyzer.columns(sql.encode(), self._tables)

    def evaluate(self, sql: str) -> pa.Table:
        """The rows of one query over the filled tables. Raises SqlRejected, EvaluationFailed.

        A column without a name is called as BigQuery calls it: f0_, f1_ …
        """
        text = sql.encode()
        parsed = self._analyzer.parsed(text)
        statements = parsed.statement_list_node.statement_list
        if [kind(concrete(statement)) for statement in statements] != ["QueryStatement"]:
            raise Unsupported(f"Only a single query can be evaluated: {head_of(text)}")
        start, _ = span(statements[0])
        resolved = self._analyzer.resolved(text, start, Scope(self._tables))
        outputs = self._analyzer.checked_outputs(resolved, text)
        used = None if names_columns_of_a_star(parsed) else used_columns(resolved)
        reads = list(self._reads(self._analyzer.paths(text, start), used))
        if missing := sorted({read.name for read in reads} - set(self._contents)):
            raise EvaluationFailed(f"Declared but not filled: {missing}: {head_of(text)}")
        runnable = with_sources(text, parsed, {read.path: read.identifier for read in reads})
        if not any(_is_correlated_membership(node) for node in walk(resolved)):
            runnable = with_joined_memberships(runnable, self._analyzer.parsed)
        try:
            answer = self._evaluated(runnable, reads, text)
        except EvaluationFailed as error:
            # named in a subquery, and of no use in the end: the analyzer does not count it as used
            if used is None or "not found inside" not in str(error):
                raise
            whole = list(self._reads(self._analyzer.paths(text, start), None))
            answer = self._evaluated(runnable, whole, text)
        rows = list(answer.content.table_data.row)
        return decoded_rows(rows, names_of(outputs), [of for _, of in outputs])

    def answer(self, sql: str) -> pa.Table:
        """The rows of one query that reads no table, judged and run in one call: twice as fast.

        Left out are the two rules that BigQuery adds to the language: no column name twice in the
        result, no outer join without an equality. Raises SqlRejected, EvaluationFailed.
        """
        text = sql.encode()
        try:
            answer = self._called(text, [])
        except CallFailed as error:
            of = SqlRejected if error.code == INVALID_ARGUMENT else EvaluationFailed
            raise of(f"{error}: {head_of(text)}") from None
        columns = answer.prepared.columns
        rows = list(answer.content.table_data.row)
        return decoded_rows(rows, [one.name for one in columns], [one.type for one in columns])

    def _reads(
        self, paths: list[tuple[str, ...]], used: dict[str, set[int]] | None
    ) -> Iterator[_Read]:
        """The tables among the paths, with the used columns (all, where None); at least one."""
        for path in paths:
            name = table_name(path)
            columns = self._tables.get(name)
            if columns is not None and used is not None:
                places = sorted(used.get(".".join(path)) or {0})
                columns = tuple(columns[place] for place in places)
            if columns is not None:
                yield _Read(name, path, columns)

    def _evaluated(
        self, runnable: bytes, reads: list[_Read], text: bytes
    ) -> service.EvaluateQueryResponse:
        try:
            return self._called(runnable, reads)
        except CallFailed as error:
            raise EvaluationFailed(f"{error}: {head_of(text)}") from None

    def _called(self, runnable: bytes, reads: list[_Read]) -> service.EvaluateQueryResponse:
        catalog = empty_catalog(self._analyzer.language)
        for read in reads:
            add_table(catalog, [read.identifier], read.columns)
        options = analyzer_options(self._analyzer.language)
        # They have no values here.
        options.ClearField("system_variables")
        request = service.EvaluateQueryRequest(
            sql=runnable, options=options, simple_catalog=catalog
        ).SerializeToString()
        contents = [
            content_entry(read.identifier, [self._contents[read.name][n] for n, _ in read.columns])
            for read in reads
        ]
        return self._module.call(
            "EvaluateQuery", b"".join([request, *contents]), service.EvaluateQueryResponse
        )


def _is_correlated_membership(node: Message) -> bool:
    return (
        kind(node) == "SubqueryExpr"
        and node.subquery_type == ResolvedSubqueryExprEnums.IN
        and len(node.parameter_list) > 0
    )
