"""Statements name relations `schema.name`; here they get the names of BigQuery's datasets."""

from __future__ import annotations

import re
from collections.abc import Callable

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from loaders.errors import QueryFailed

TERMINAL_COLOUR = re.compile(r"\x1b\[\d+m")


def select_with(sql: str, dataset: Callable[[str], str]) -> str:
    """One select with its schemas replaced by datasets; nothing else of its text changes.

    What stands with its project stays as it is.
    Raises: QueryFailed for anything but one select.
    """
    refusal = "only one select can be asked: what is read-only elsewhere is so here"
    return _with(sql, dataset, exp.Query, refusal)


def delete_with(sql: str, dataset: Callable[[str], str]) -> str:
    """The same of one delete. Raises: QueryFailed for anything else."""
    return _with(sql, dataset, exp.Delete, "not one delete")


def _with(sql: str, dataset: Callable[[str], str], kind: type[exp.Expression], refusal: str) -> str:
    try:
        statements = [one for one in sqlglot.parse(sql, dialect="bigquery") if one is not None]
    except SqlglotError as error:
        said = " ".join(TERMINAL_COLOUR.sub("", str(error)).split())
        raise QueryFailed(f"not understood: {said[:300]}") from error
    if len(statements) != 1 or not isinstance(statements[0], kind):
        raise QueryFailed(refusal)
    tables = list(statements[0].find_all(exp.Table))
    # `from t, t.list`: the second is no table but a column of the first
    aliases = {table.alias_or_name for table in tables}
    named = [
        table for table in tables if table.db and not table.catalog and table.db not in aliases
    ]
    for table in sorted(named, key=lambda one: -_span(one.args["db"])[0]):
        first, end = _span(table.args["db"])
        new = dataset(table.db)
        if _span(table.this) == (first, end):  # one quoted name for both
            new = f"`{new}.{table.name}`"
        sql = f"{sql[:first]}{new}{sql[end:]}"
    return sql


def _span(name: exp.Expression) -> tuple[int, int]:
    return name.meta["start"], name.meta["end"] + 1
