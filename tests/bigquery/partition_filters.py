"""Which reads of a large table name no dates. BigQuery refuses them; neither test package does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp

COMPARISONS = (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


def required_filters(manifest: Mapping[str, Any]) -> dict[str, str]:
    """From a manifest's JSON: `dataset.table` to the partition column that a read must restrict."""
    return {
        f"{node['schema']}.{node['alias']}": node["config"]["partition_by"]["field"]
        for node in manifest["nodes"].values()
        if node["config"].get("require_partition_filter")
    }


def unrestricted_reads(sql: str, required: Mapping[str, str]) -> list[str]:
    """The large tables that this BigQuery SQL reads, or deletes from, without constant dates."""
    return [
        name
        for statement in sqlglot.parse(sql, read="bigquery")
        for table in statement.find_all(exp.Table)
        for name in [f"{table.db}.{table.name}"]
        if name in required and not _is_restricted(table, required[name])
    ]


def _is_restricted(table: exp.Table, column: str) -> bool:
    reader = table.find_ancestor(
        exp.Select, exp.Delete, exp.Update, exp.Merge, exp.Insert, exp.Create, exp.Drop
    )
    if isinstance(reader, exp.Create | exp.Drop | exp.Insert):
        return True
    if isinstance(reader, exp.Merge):
        return _replaces_partitions(reader, table, column)
    where = reader.args.get("where") if reader else None
    is_alone = not (reader and reader.args.get("joins"))
    return where is not None and any(
        _is_constant_range(condition, column, table.alias_or_name, is_alone)
        for condition in _conditions(where.this)
    )


def _replaces_partitions(merge: exp.Merge, target: exp.Table, column: str) -> bool:
    """Whether it matches no row and deletes only dates of a variable: insert_overwrite."""
    deletes = [when for when in merge.find_all(exp.When) if isinstance(when.args["then"], exp.Var)]
    dates = [when.args["condition"] for when in deletes if when.args.get("condition")]
    named = [c for date in dates for c in date.find_all(exp.Column) if c.table == target.alias]
    return (
        isinstance(merge.args["on"], exp.Boolean)
        and len(dates) == len(deletes)
        and all(condition.find(exp.In) is not None for condition in dates)
        and {c.name for c in named} == {column}
    )


def _conditions(condition: exp.Expression) -> Iterator[exp.Expression]:
    if isinstance(condition, exp.And):
        yield from _conditions(condition.left)
        yield from _conditions(condition.right)
    else:
        yield condition.unnest()


def _is_constant_range(condition: exp.Expression, column: str, table: str, is_alone: bool) -> bool:
    """Whether it compares the partition column, and nothing else, with constants."""
    columns = list(condition.find_all(exp.Column))
    return (
        bool(columns)
        and all(
            c.name == column and c.table in ({table, ""} if is_alone else {table}) for c in columns
        )
        and condition.find(exp.Select) is None
        and condition.find(*COMPARISONS) is not None
    )
