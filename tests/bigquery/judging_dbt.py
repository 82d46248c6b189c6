"""dbt-bigquery with Google's evaluator in the place of the service: it can run unit tests alone.

From the project to the statements everything is dbt's own; only what would go over the network is
answered here. There is no table in it: a unit test brings its rows along, and asks only for the
columns and types of the relations that they stand for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.compute as pc
from dbt.adapters.bigquery import BigQueryAdapter, BigQueryConnectionManager
from dbt.adapters.bigquery.connections import BigQueryAdapterResponse
from dbt_common.clients import agate_helper
from google.api_core.exceptions import NotFound
from google.cloud.bigquery import SchemaField, Table
from googlesql import Column, GoogleSql, SqlRejected
from strict import Project, relation

# what sources and seeds call otherwise than BigQuery
TYPES = {"timestamptz": "TIMESTAMP", "double": "FLOAT64"}
PLACES = 9
# dbt makes a table of no rows to learn the types of a unit test's result, by this name and a number
ONLY_TYPES = "__dbt_tmp"


@dataclass
class Judge:
    """Answers dbt's statements; notes the rows of each, and what BigQuery would refuse.

    tested: name of a unit test -> `dataset.table` of its model.
    """

    tested: Mapping[str, str]
    googlesql: GoogleSql = field(default_factory=GoogleSql)
    columns: dict[str, list[Column]] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def learn(self, project: Project) -> None:
        """The columns of every relation: those declared, of a model those that its SQL gives.

        Raises SqlRejected for a model that BigQuery would refuse.
        """
        for node in project.nodes("source", "seed", "model"):
            is_model = node["resource_type"] == "model"
            found = self.googlesql.analyze(project.sql(node)) if is_model else _declared(node)
            self.googlesql.declare(relation(node), found)
            self.columns[relation(node)] = list(found)

    def answer(self, sql: str) -> pa.Table:
        """The rows of a select, doubles to nine places. Raises SqlRejected, EvaluationFailed."""
        try:
            found = self.googlesql.answer(sql)
        except SqlRejected as error:
            self.refused.append(str(error))
            raise
        self.rows.append(found.num_rows)
        for place, one in enumerate(found.schema):
            if pa.types.is_floating(one.type):
                found = found.set_column(place, one, pc.round(found[place], PLACES))
        return found

    def table(self, project: str, dataset: str, name: str) -> Table:
        """A relation as Google's client describes it. Raises NotFound."""
        test, is_temporary, _ = name.partition(ONLY_TYPES)
        columns = self.columns.get(self.tested[test] if is_temporary else f"{dataset}.{name}")
        if columns is None:
            raise NotFound(f"{dataset}.{name}")
        fields = [SchemaField(column.name, column.type) for column in columns]
        return Table(f"{project}.{dataset}.{name}", schema=fields)


@contextmanager
def judging(judge: Judge) -> Iterator[None]:
    """In this block the judge answers what dbt, in one thread, asks of BigQuery."""

    def execute(self: Any, sql: str, *_: Any, **__: Any) -> tuple[BigQueryAdapterResponse, Any]:
        # its select is judged with the rows, in the statement that follows
        is_for_types = sql.lstrip().startswith("create or replace table") and ONLY_TYPES in sql
        found = pa.table({}) if is_for_types else judge.answer(self._add_query_comment(sql))
        table = agate_helper.table_from_data_flat(found.to_pylist(), found.column_names)
        return BigQueryAdapterResponse(_message="OK", rows_affected=found.num_rows), table

    def get_bq_table(self: Any, database: str, schema: str, identifier: str) -> Table:
        return judge.table(database, schema, identifier)

    answers = {
        BigQueryConnectionManager: {"execute": execute, "get_bq_table": get_bq_table},
        BigQueryAdapter: {
            "list_schemas": lambda self, database: [],
            "list_relations_without_caching": lambda self, schema_relation: [],
            "drop_relation": lambda self, relation: None,
        },
    }
    with ExitStack() as patches:
        for of, functions in answers.items():
            patches.enter_context(mock.patch.multiple(of, **functions))
        yield


def _declared(node: Mapping[str, Any]) -> list[Column]:
    """The columns of a source or seed; a seed's that are declared without a type are text."""
    typed = node["config"].get("column_types") or {}
    kinds = {
        name: one["data_type"] or typed.get(name, "string") for name, one in node["columns"].items()
    }
    return [Column(name, TYPES.get(kind, kind.upper())) for name, kind in kinds.items()]
