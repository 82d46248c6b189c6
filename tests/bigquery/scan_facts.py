"""A tiny warehouse for the tests of the scan estimate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

ALL = "(game_date is null or game_date >= cast('1946-11-01' as date))"
NIGHT = "game_date in (cast('2024-01-02' as date))"


@contextmanager
def tiny_warehouse() -> Iterator[Any]:
    """Ten rows of two nights (222 logical bytes), a view on them, and four games of four nights."""
    with duckdb.connect(":memory:") as made:
        for schema in ("marts", "staging", "raw_archive"):
            made.execute(f"create schema {schema}")
        made.execute("""
            create table marts.facts as
            select
                'p' || i as player_id,
                date '2024-01-01' + (i >= 8)::int as game_date,
                i as points,
                i > 4 as is_high,
                case when i < 3 then 'ć' end as note
            from range(10) as r (i)
        """)
        made.execute("create view staging.stg_facts as select * from marts.facts")
        made.execute("""
            create table marts.games as
            select i as game_id, date '2024-01-01' + i::int as game_date from range(4) as r (i)
        """)
        yield made
