"""Judges statements as BigQuery would: single ones, and scripts statement by statement."""

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count

from google.protobuf.message import Message
from googlesql_language import (
    Column,
    add_table,
    analyzer_options,
    dataset_view,
    empty_catalog,
    language_options,
    table_name,
    type_text,
)
from googlesql_module import CallFailed, GoogleSqlModule
from googlesql_syntax import (
    concrete,
    has_unbounded_outer_join,
    inherited,
    kind,
    named_paths,
    span,
    text_of,
    walk,
)
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2 as service
from zetasql.wasi._pb2.zetasql.public import options_pb2, type_pb2
from zetasql.wasi._pb2.zetasql.public.parse_resume_location_pb2 import ParseResumeLocationProto

HEAD_LENGTH = 120
# Where a script's variables stand as columns, to ask whether a value can be assigned to them.
VARIABLES_TABLE = "script variables"
Types = tuple[tuple[str, type_pb2.TypeProto], ...]


class SqlRejected(Exception):
    """BigQuery would not take the statement: why, at which line and column, and how it begins."""


class Unsupported(SqlRejected):
    """BigQuery may take the statement, but it cannot be judged here."""


@dataclass
class Scope:
    """What a statement can name: tables, and within a script its variables."""

    tables: dict[str, Types]
    # All @named, or all ? by place.
    parameters: int = options_pb2.PARAMETER_NAMED
    variables: dict[str, type_pb2.TypeProto] = field(default_factory=dict)


class Analyzer:
    """BigQuery's parser and analyzer over whatever tables a scope names."""

    def __init__(self, module: GoogleSqlModule):
        self.language = language_options()
        self._module = module
        self._types: dict[str, type_pb2.TypeProto] = {}

    def columns(self, text: bytes, tables: dict[str, Types]) -> tuple[Column, ...]:
        """The columns of the last statement that has some. Raises SqlRejected, Unsupported."""
        parsed = self.parsed(text)
        scope = Scope(dict(tables))
        if b"?" in text and any(kind(n) == "ParameterExpr" and n.position for n in walk(parsed)):
            scope.parameters = options_pb2.PARAMETER_POSITIONAL
        columns: tuple[Column, ...] = ()
        for statement in parsed.statement_list_node.statement_list:
            columns = self._analyzed(text, statement, scope) or columns
        return columns

    def parsed(self, text: bytes) -> Message:
        """The parser's tree of a script, which may be a single statement. Raises SqlRejected."""
        request = service.ParseRequest(sql_statement=text, options=self.language, allow_script=True)
        return self._judged("Parse", request, service.ParseResponse, text).parsed_script

    def _analyzed(self, text: bytes, statement: Message, scope: Scope) -> tuple[Column, ...]:
        """The columns of one statement; what it means for later ones is put into the scope."""
        found = concrete(statement)
        match kind(found):
            case "VariableDeclaration":
                self._declare_variables(text, found, scope)
            case "SingleAssignment":
                names = [found.variable.id_string]
                self._assign(names, f"values ({text_of(text, found.expression)})", scope)
            case "AssignmentFromStruct":
                names = [name.id_string for name in found.variables.identifier_list]
                value = text_of(text, found.struct_expression)
                self._assign(names, f"select value.* from (select {value} as value)", scope)
            case "ExecuteImmediateStatement":
                raise Unsupported(f"EXECUTE IMMEDIATE runs what nobody sees here: {head_of(text)}")
            case other if statement.HasField("ast_script_statement_node"):
                raise Unsupported(f"A script with {other} cannot be followed: {head_of(text)}")
            case _:
                return self._analyzed_plain(text, found, scope)
        return ()

    def _analyzed_plain(self, text: bytes, found: Message, scope: Scope) -> tuple[Column, ...]:
        start, _ = span(found)
        resolved = self.resolved(text, start, scope, named_paths(found))
        outputs = self.checked_outputs(resolved, text)
        path = inherited(resolved, "name_path")
        if kind(resolved).startswith("Create") and outputs:
            scope.tables[table_name(path)] = outputs
        elif kind(resolved) == "DropStmt":
            scope.tables.pop(table_name(path), None)
        types = [type_text(of) for _, of in outputs]
        return tuple(map(Column, names_of(outputs), types))

    def checked_outputs(self, resolved: Message, text: bytes) -> Types:
        """What a statement gives, once it keeps two rules that BigQuery adds to the language."""
        outputs = outputs_of(resolved)
        names = Counter(name.lower() for name in names_of(outputs))
        if twice := [name for name, times in names.items() if times > 1]:
            raise SqlRejected(f"Duplicate column names in the result: {twice}: {head_of(text)}")
        if has_unbounded_outer_join(resolved):
            raise SqlRejected(f"An outer join without an equality of both sides: {head_of(text)}")
        return outputs

    def _declare_variables(self, text: bytes, found: Message, scope: Scope) -> None:
        names = [name.id_string for name in found.variable_list.identifier_list]
        default = text_of(text, found.default_value) if found.HasField("default_value") else None
        if found.HasField("type"):
            declared = self._type(text_of(text, found.type))
        else:
            query = f"select {default} as value".encode()
            declared = outputs_of(self.resolved(query, 0, scope))[0][1]
        scope.variables |= dict.fromkeys(names, declared)
        if default is not None:
            self._assign(names[:1], f"values ({default})", scope)

    def _assign(self, names: list[str], value: str, scope: Scope) -> None:
        """Ask whether variables can take a value: an INSERT coerces as SET does."""
        inserted = f"insert into `{VARIABLES_TABLE}` ({', '.join(names)}) {value}"
        tables = scope.tables | {VARIABLES_TABLE: tuple(scope.variables.items())}
        self.resolved(inserted.encode(), 0, replace(scope, tables=tables))

    def resolved(
        self, text: bytes, start: int, scope: Scope, others: Sequence[tuple[str, ...]] = ()
    ) -> Message:
        """The analyzer's tree of the statement that starts at a byte of the text.

        others: tables that it may look at besides those of its queries.
        """
        catalog = empty_catalog(self.language)
        for path in {*self.paths(text, start), *others}:
            name = table_name(path)
            columns = scope.tables.get(name) or self.typed(dataset_view(path))
            if columns:
                add_table(catalog, path, columns)
        for name, of in scope.variables.items():
            constant = catalog.constant.add(name_path=[name], type=of)
            constant.value.SetInParent()
        options = analyzer_options(self.language)
        options.parameter_mode = scope.parameters
        request = service.AnalyzeRequest(options=options, simple_catalog=catalog)
        request.parse_resume_location.CopyFrom(_resume(text, start))
        answer = self._judged("Analyze", request, service.AnalyzeResponse, text)
        return concrete(answer.resolved_statement)

    def paths(self, text: bytes, start: int) -> list[tuple[str, ...]]:
        """The paths that a statement names as tables, as they are split there (no WITH names)."""
        request = service.ExtractTableNamesFromNextStatementRequest(
            parse_resume_location=_resume(text, start), options=self.language
        )
        answer = self._judged(
            "ExtractTableNamesFromNextStatement",
            request,
            service.ExtractTableNamesFromNextStatementResponse,
            text,
        )
        return [tuple(found.table_name_segment) for found in answer.table_name]

    def _type(self, name: str) -> type_pb2.TypeProto:
        if name not in self._types:
            resolved = self.resolved(f"select cast(null as {name}) as value".encode(), 0, Scope({}))
            self._types[name] = outputs_of(resolved)[0][1]
        return self._types[name]

    def typed(self, columns: Sequence[Column]) -> Types:
        """The columns with their types. Raises SqlRejected for a type that BigQuery has not."""
        return tuple((column.name, self._type(column.type)) for column in columns)

    def _judged(self, method: str, request: Message, answer: type[Message], text: bytes) -> Message:
        try:
            return self._module.call(method, request, answer)
        except CallFailed as error:
            if error.code is None:
                raise Unsupported(f"{error}\nin: {head_of(text)}") from None
            raise SqlRejected(f"{error}\nin: {head_of(text)}") from None


def _resume(text: bytes, start: int) -> ParseResumeLocationProto:
    return ParseResumeLocationProto(input=text.decode(), byte_position=start, allow_resume=True)


def outputs_of(resolved: Message) -> Types:
    """Names and types that a query gives, or that a created table or view has."""
    if defined := inherited(resolved, "column_definition_list"):
        return tuple((column.name, column.type) for column in defined)
    given = inherited(resolved, "output_column_list") or ()
    return tuple((column.name, column.column.type) for column in given)


def names_of(outputs: Types) -> list[str]:
    """Column names; an unnamed one is called as BigQuery calls it."""
    unnamed = count()
    return [f"f{next(unnamed)}_" if name.startswith("$") else name for name, _ in outputs]


def head_of(text: bytes) -> str:
    """The beginning of a statement, without the comments in front of it and on one line."""
    bare = re.sub(r"/\*.*?\*/|--[^\n]*", " ", text.decode(), flags=re.DOTALL)
    return textwrap.shorten(bare, HEAD_LENGTH, placeholder=" …")
