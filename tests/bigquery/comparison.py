"""Rows of two tables, compared by DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Unlike:
    """Rows that only one of two tables has, and by column that differs, how many rows do."""

    only_one: int
    only_other: int
    columns: dict[str, int]


def unlike(
    connection: duckdb.DuckDBPyConnection, one: str, other: str, columns: Mapping[str, str]
) -> Unlike | None:
    """How the rows of two tables differ, in any order, doubles to nine places; None if they do not.

    columns: DuckDB's types by the names of the columns that are compared; with none, rows count.
    """
    for place, table in (("one_kept", one), ("other_kept", other)):
        # a view would be worked out once for every column
        connection.execute(f"create or replace temp table {place} as select * from {table}")
    told = {
        name: f'round("{name}", 9)' if of == "DOUBLE" else f'"{name}"'
        for name, of in columns.items()
    }

    def only(expressions: str) -> tuple[int, int]:
        ours, theirs = (
            f"select {expressions} from {table}" for table in ("one_kept", "other_kept")
        )
        return connection.execute(
            f"select (select count(*) from ({ours} except all {theirs})),"
            f" (select count(*) from ({theirs} except all {ours}))"
        ).fetchone()

    only_one, only_other = only(", ".join(told.values()) or "1")
    if not only_one and not only_other:
        return None
    counted = {name: sum(only(expression)) for name, expression in told.items()}
    return Unlike(only_one, only_other, {name: n for name, n in counted.items() if n})
