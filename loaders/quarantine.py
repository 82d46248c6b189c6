"""Splits what a provider gave into rows that fit their declaration and rows that do not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa

from loaders.tables import REJECTS, SQL_TYPES, Column, RawTable


@dataclass(frozen=True)
class Split:
    """Valid rows, typed and without duplicates, and the rejects of one resource."""

    valid: pa.Table
    rejects: pa.Table


def engine() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB whose text form of a time is UTC, as the row hashes need it."""
    con = duckdb.connect()
    con.execute("set TimeZone = 'UTC'")
    return con


def split(
    con: duckdb.DuckDBPyConnection,
    relation: str,
    table: RawTable,
    *,
    captured_at: datetime,
    text: bool,
    where: str = "true",
) -> Split:
    """Type, judge, hash and de-duplicate `relation` (SQL) in one pass for each half.

    text: the relation's columns are text, named as declared, with `_payload` beside them, and
        every cast is tried; otherwise they are typed and named as at the source.
    Of rows with the same key the last one stays.
    """
    if text:
        # many casts a column: tried once, for both halves
        con.execute(
            "create or replace temp table judged_rows as "
            f"{_judged(relation, table, text, where, payload=True)} select * from judged"
        )
        halves = ("with judged as (from judged_rows)",) * 2
    else:
        halves = tuple(
            _judged(relation, table, text, where, payload=payload) for payload in (False, True)
        )
    valid = con.execute(_valid_sql(halves[0], table)).to_arrow_table()
    rejects = con.execute(
        _rejects_sql(halves[1], table), {"captured_at": captured_at}
    ).to_arrow_table()
    return Split(valid.cast(table.arrow_schema()), rejects.cast(REJECTS.arrow_schema()))


def md5_of(expressions: Iterable[str]) -> str:
    """SQL: md5 over the text of some expressions; null and empty text differ."""
    parts = ", ".join(f"coalesce(cast({e} as varchar), '\\N')" for e in expressions)
    return f"md5(concat_ws(chr(31), {parts}))"


def _valid_sql(judged: str, table: RawTable) -> str:
    hashed = ", ".join(f"{md5_of(parts)} as {name}" for name, parts in table.hashes.items())
    key = ", ".join(table.key)
    # not `row_number() = 1`: DuckDB 1.5.6 rewrites it to a top-n and fails inside its optimizer
    last = f"qualify _row = max(_row) over (partition by {key})" if key else ""
    return f"""
        {judged},
        hashed as (
            select * {"," if hashed else ""} {hashed}
            from judged
            where _reason is null
        )
        select {", ".join(c.name for c in table.columns)}
        from hashed
        {last}
    """


def _rejects_sql(judged: str, table: RawTable) -> str:
    return f"""
        {judged}
        select distinct on (row_key)
            {md5_of([f"'{table.name}'", "_payload", "_reason"])} as row_key,
            '{table.name}' as resource,
            _payload as payload,
            _reason as reason,
            $captured_at::timestamptz as captured_at
        from judged
        where _reason is not null
    """


def _judged(relation: str, table: RawTable, text: bool, where: str, *, payload: bool) -> str:
    """SQL: the source typed, with `_reason` null where nothing is wrong."""
    columns = table.provided
    typed = ",\n".join(f"{_typed(c, text)} as {c.name}" for c in columns)
    made = "" if text or not payload else ", to_json(s)::varchar as _payload"
    misfits = [_misfit(c) for c in columns if c.data_type != "text"] if text else []
    checks = [
        *(
            f"case when {c.name} is null then '{c.name}: missing' end"
            for c in columns
            if c.required
        ),
        *(
            f"case when not coalesce({rule}, true) then '{reason}' end"
            for reason, rule in table.rules.items()
        ),
    ]
    return f"""
        with source as (
            select s.*, row_number() over () as _row {made}
            from {relation} as s
            where {where}
        ),
        typed as (
            select
                {typed},
                {_joined(misfits)} as _misfit,
                {"s._payload" if payload else "null"} as _payload,
                s._row
            from source as s
        ),
        judged as (
            select
                * exclude (_misfit),
                coalesce(_misfit, {_joined(checks)}) as _reason
            from typed
        )
    """


def _joined(reasons: list[str]) -> str:
    return (
        f"nullif(concat_ws('; ', {', '.join(reasons)}), '')" if reasons else "cast(null as varchar)"
    )


def _typed(column: Column, text: bool) -> str:
    if column.sql:
        return f"({column.sql})"
    if not text:
        return f'cast(s."{column.field}" as {SQL_TYPES[column.data_type]})'
    value = f"s.{column.name}"
    if column.data_type == "text":
        return value
    if column.data_type == "bigint":
        # a cast alone would round 6.5 to 7; as a decimal it would take ten times as long
        number = f"try_cast({value} as double)"
        return f"case when {number} = trunc({number}) then try_cast({number} as bigint) end"
    return f"try_cast({value} as {SQL_TYPES[column.data_type]})"


def _misfit(column: Column) -> str:
    return (
        f"case when s.{column.name} is not null and {_typed(column, True)} is null "
        f"then '{column.name}: not a {column.data_type}: ' || s.{column.name} end"
    )
