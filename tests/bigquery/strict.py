"""What BigQuery's own analyzer says: of every compiled node, and of every statement really sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from googlesql import Column, GoogleSql, SqlRejected, Unsupported
from sqlglot import exp

from flows.dbt_runner import DbtRunner

TYPES = {
    "VARCHAR": "STRING",
    "BIGINT": "INT64",
    "INTEGER": "INT64",
    "HUGEINT": "INT64",
    "DOUBLE": "FLOAT64",
    "BOOLEAN": "BOOL",
    "DATE": "DATE",
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP",
}
NUMBER = re.compile(r"\d+")
CHECKED = ("model", "test", "analysis", "snapshot")


@dataclass(frozen=True)
class Project:
    """A compiled dbt project of the target bigquery: its manifest, and the folder of its SQL."""

    manifest: Mapping[str, Any]
    folder: Path

    @classmethod
    def at(cls, target_dir: Path) -> Project:
        """The project that dbt compiled into this target folder."""
        manifest = json.loads((target_dir / "manifest.json").read_text())
        return cls(manifest, target_dir / "compiled" / manifest["metadata"]["project_name"])

    def nodes(self, *kinds: str) -> list[Mapping[str, Any]]:
        """Nodes of these resource types, parents before children."""
        everything = {**self.manifest["sources"], **self.manifest["nodes"]}
        parents = self.manifest["parent_map"]
        ordered: dict[str, Mapping[str, Any]] = {}

        def visit(name: str) -> None:
            if name in everything and name not in ordered:
                for parent in parents.get(name, []):
                    visit(parent)
                ordered[name] = everything[name]

        for name in sorted(everything):
            visit(name)
        return [node for node in ordered.values() if node["resource_type"] in kinds]

    def sql(self, node: Mapping[str, Any]) -> str:
        """The node's compiled SQL. Raises FileNotFoundError."""
        folder = self.folder / node["original_file_path"]
        is_generic = node["resource_type"] == "test" and folder.suffix == ".yml"
        return (folder / node["path"] if is_generic else folder).read_text()


def compiled(dbt: DbtRunner, as_of: datetime, *options: str) -> Project:
    """Compile every node, in the words of the runner's target."""
    variables = json.dumps({"as_of": as_of.isoformat()})
    done = dbt._invoke(["compile", *options, "--vars", variables])
    if not done.success:
        raise RuntimeError(f"dbt compile failed: {done.exception or done.result}")
    return Project.at(dbt.target_dir)


def relation(node: Mapping[str, Any]) -> str:
    """`dataset.table` of a source, seed or model."""
    return f"{node['schema']}.{node.get('identifier') or node['alias']}"


def stored_columns(dumped: Path, project: str) -> dict[str, list[Column]]:
    """The columns of every table that the emulator held, `dataset.table` by name."""
    with duckdb.connect(str(dumped), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " where starts_with(schema_name, ?) order by table_oid, column_index",
            [f"{project}__"],
        ).fetchall()
    tables: dict[str, list[Column]] = {}
    for schema, table, name, kind in found:
        columns = tables.setdefault(f"{schema.removeprefix(f'{project}__')}.{table}", [])
        columns.append(Column(name, TYPES[kind]))
    return tables


def rejected_nodes(
    googlesql: GoogleSql, project: Project, stored: Mapping[str, list[Column]]
) -> dict[str, str]:
    """By node, why BigQuery would refuse it, or how it misses its contract.

    A table has the columns that are stored; a model, once it was judged, those that its SQL gives.
    """
    for table, columns in stored.items():
        googlesql.declare(table, columns)
    found: dict[str, str] = {}
    for node in project.nodes(*CHECKED):
        try:
            columns = googlesql.analyze(project.sql(node))
        except SqlRejected as error:
            found[node["name"]] = str(error)
            continue
        if node["resource_type"] == "model":
            googlesql.declare(relation(node), columns)
            if missed := _missed_contract(node, columns):
                found[node["name"]] = missed
    return found


def _missed_contract(node: Mapping[str, Any], columns: Iterable[Column]) -> str | None:
    if not node["config"]["contract"]["enforced"]:
        return None
    declared = {name: of["data_type"].upper() for name, of in node["columns"].items()}
    given = {column.name: column.type for column in columns}
    if given == declared:
        return None
    differing = {n for n in given.keys() | declared.keys() if given.get(n) != declared.get(n)}
    told = [f"{n}: {given.get(n)}, declared {declared.get(n)}" for n in sorted(differing)]
    return f"contract: {'; '.join(told)}"


def rejected_statements(
    googlesql: GoogleSql, statements: Iterable[str], stored: Mapping[str, list[Column]]
) -> tuple[list[str], list[str]]:
    """Of statements in their order: why BigQuery would refuse one, and what cannot be judged.

    A table that a statement makes has its columns for those that follow.
    """
    for table, columns in stored.items():
        googlesql.declare(table, columns)
    refused: list[str] = []
    unjudged: list[str] = []
    judged: set[str] = set()
    for sql in statements:
        # with another instant or load it is as right as before
        words = NUMBER.sub("0", sql)
        if words in judged:
            continue
        judged.add(words)
        try:
            columns = googlesql.analyze(sql)
        except Unsupported as error:
            unjudged.append(str(error))
        except SqlRejected as error:
            refused.append(str(error))
        else:
            if columns and (made := _made(sql)):
                googlesql.declare(made, columns)
    return refused, unjudged


def _made(sql: str) -> str | None:
    """The table or view that the statement creates."""
    if "create" not in sql.lower():
        return None
    try:
        statement = sqlglot.parse_one(sql, read="bigquery")
    except sqlglot.errors.ParseError:
        return None
    made = statement.find(exp.Table) if isinstance(statement, exp.Create) else None
    return f"{made.db}.{made.name}" if made else None
