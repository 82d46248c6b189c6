"""BigQuery's own evaluator against DuckDB: every model and data test, from the same raw rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
from comparison import unlike
from googlesql import EvaluationFailed, GoogleSql, SqlRejected
from strict import Project, relation

# the types of the models; DuckDB widens sums, and counts in its own time unit
ARROW = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "TIMESTAMP WITH TIME ZONE": pa.timestamp("us", "UTC"),
}


# The evaluator joins row by row: what stands behind every prediction would take it an hour. The
# strict gate judges the words of these views, and the wire their rows.
TOO_LARGE = "lineage"


class NoSuchType(Exception):
    """DuckDB keeps a column in a type that BigQuery has not."""


@dataclass
class Verdict:
    """What the evaluator and DuckDB have in common: rows by model, and what differs by node."""

    rows: dict[str, int] = field(default_factory=dict)
    tests: int = 0
    differences: dict[str, str] = field(default_factory=dict)


def judge(
    googlesql: GoogleSql,
    project: Project,
    on_duckdb: Path,
    statuses: Mapping[str, str],
    only: set[str] | None = None,
) -> Verdict:
    """Evaluate the compiled SQL in the order of the graph, from the raw tables and seeds of DuckDB.

    on_duckdb: a warehouse on which everything was built anew from the same raw rows.
    statuses: how each data test ended there, by unique id.
    only: names of models that are judged, from what DuckDB has of their parents.
    """
    verdict = Verdict()
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{on_duckdb}' as \"{on_duckdb.stem}\" (read_only)")
        connection.execute(f'use "{on_duckdb.stem}"')
        parents = project.manifest["parent_map"]
        judged = [n for n in project.nodes("model") if only is None or n["name"] in only]
        wanted = {name for node in judged for name in parents[node["unique_id"]]}
        given = ("source", "seed") if only is None else ("source", "seed", "model")
        for node in project.nodes(*given):
            if only is None or node["unique_id"] in wanted:
                googlesql.fill(relation(node), _stored(connection, relation(node)))
        for node in judged:
            if is_too_large(node):
                googlesql.fill(relation(node), _stored(connection, relation(node)))
            else:
                _judge_model(googlesql, connection, project, node, verdict)
    for node in data_tests(project) if only is None else []:
        if said := _judge_test(googlesql, project.sql(node), statuses.get(node["unique_id"])):
            verdict.differences[node["name"]] = said
        verdict.tests += 1
    return verdict


def is_too_large(node: Mapping) -> bool:
    """Whether the evaluator is given what a model has, and not asked for it."""
    return TOO_LARGE in node["fqn"]


def data_tests(project: Project) -> list[Mapping]:
    """The data tests that are judged: all but those of what is too large."""
    large = {node["unique_id"] for node in project.nodes("model") if is_too_large(node)}
    return [node for node in project.nodes("test") if node.get("attached_node") not in large]


def _judge_model(
    googlesql: GoogleSql,
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    node: Mapping,
    verdict: Verdict,
) -> None:
    try:
        wanted = _stored(connection, relation(node))
    except NoSuchType as error:
        verdict.differences[node["name"]] = str(error)
        return
    try:
        given = googlesql.evaluate(project.sql(node))
    except (SqlRejected, EvaluationFailed) as error:
        verdict.differences[node["name"]] = f"{type(error).__name__}: {error}"
        googlesql.fill(relation(node), wanted)
        return
    googlesql.fill(relation(node), given)
    verdict.rows[node["name"]] = given.num_rows
    if said := difference(connection, given, wanted):
        verdict.differences[node["name"]] = said


def difference(
    connection: duckdb.DuckDBPyConnection, given: pa.Table, wanted: pa.Table
) -> str | None:
    """How two tables differ, doubles to nine places; None where they do not."""
    if types := set(given.schema) ^ set(wanted.schema):
        return f"columns: {sorted(map(str, types))}"
    connection.register("given", given)
    connection.register("wanted", wanted)
    columns = dict(
        connection.execute("select column_name, column_type from (describe wanted)").fetchall()
    )
    said = unlike(connection, "given", "wanted", columns)
    if said is None:
        return None
    differing = ", ".join(f"{name} ({n})" for name, n in said.columns.items())
    return (
        f"{given.num_rows} rows, DuckDB {wanted.num_rows}; rows of columns that differ: {differing}"
    )


def _judge_test(googlesql: GoogleSql, sql: str, status: str | None) -> str | None:
    try:
        failing = googlesql.evaluate(sql).num_rows
    except (SqlRejected, EvaluationFailed) as error:
        return f"{type(error).__name__}: {error}"
    if (status == "pass") == (failing == 0):
        return None
    return f"{failing} failing rows, DuckDB says {status}"


def _stored(connection: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    schema, table = name.split(".")
    found = connection.execute(f'select * from "{schema}"."{table}"')
    types = [(column[0], ARROW.get(str(column[1]))) for column in found.description]
    if strange := [column for column, of in types if of is None]:
        raise NoSuchType(f"{name}: no type of BigQuery's for {strange}")
    return found.to_arrow_table().cast(pa.schema(types))
