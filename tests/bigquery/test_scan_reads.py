"""What statements read, on invented tables."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

import pytest
from scan_facts import ALL, NIGHT
from scan_reads import Read, Reader, measure
from scan_situations import catalog


def columns_of(reader: Reader, sql: str) -> dict[str, set[str]]:
    return {read.table: set(read.columns) for read in reader.reads(sql)}


def test_sizes_are_those_of_bigquery(connection: Any) -> None:
    facts = measure(connection)["marts.facts"]
    assert facts.rows == 10
    assert facts.columns == {
        "player_id": 10 * (2 + 2),
        "game_date": 80,
        "points": 80,
        "is_high": 10,
        "note": 3 * (2 + 2),
    }
    assert facts.bytes == 222


@pytest.mark.parametrize(
    ("sql", "columns"),
    [
        ("select points from marts.facts", {"points"}),
        ("with f as (select * from marts.facts) select points from f", {"points"}),
        ("with f as (select * from marts.facts) select * from f where is_high", "all"),
        ("select points from staging.stg_facts", {"points"}),
        ("select count(*) as n from marts.facts", set()),
        ("select points from marts.facts union all select note::int from marts.facts", "two"),
        ("create table marts.t as (select points from marts.facts)", {"points"}),
        ("create table marts.t (a int); insert into marts.t (select points from marts.facts)", 0),
    ],
)
def test_only_the_columns_used_are_read(reader: Reader, sql: str, columns: Any) -> None:
    every = {"player_id", "game_date", "points", "is_high", "note"}
    wanted = {"all": every, "two": {"points", "note"}, 0: {"points"}}
    expected = columns if isinstance(columns, set) else wanted[columns]
    assert columns_of(reader, sql) == {"marts.facts": expected}


@pytest.mark.parametrize(
    "sql",
    [
        "with f as (select * from marts.facts) select points from f where is_high order by points",
        "select f.points from staging.stg_facts as f join marts.games as g using (game_date)",
        "select player_id, row_number() over (order by points) as n from marts.facts",
        "select g.game_id from marts.games as g"
        " where g.game_date in (select game_date from marts.facts where points > 3)",
        "select note, max(points) as most from marts.facts group by note having max(points) > 1",
    ],
)
def test_the_reads_are_those_of_duckdbs_own_plan(connection: Any, reader: Reader, sql: str) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    [[_, plan]] = connection.execute(f"explain (format json) {sql}").fetchall()

    def walk(node: dict[str, Any]) -> None:
        info = node.get("extra_info", {})
        if "Table" in info:
            for part in ("Projections", "Filters"):
                texts = info.get(part, [])
                texts = [texts] if isinstance(texts, str) else texts
                names = {re.match(r'"?(\w+)', text)[1] for text in texts}
                found[".".join(info["Table"].split(".")[-2:])] |= names
        for child in node.get("children", []):
            walk(child)

    for root in json.loads(plan):
        walk(root)
    assert columns_of(reader, sql) == found


@pytest.mark.parametrize(
    ("where", "dates"),
    [
        (f"where {NIGHT}", "(game_date IN (CAST('2024-01-02' AS DATE)))"),
        (f"where points > 1 and {NIGHT}", "(game_date IN (CAST('2024-01-02' AS DATE)))"),
        ("", None),
        ("where points > 1", None),
        ("where game_date in (select game_date from marts.games)", None),
        (f"where {NIGHT} or points > 1", None),
    ],
)
def test_constant_dates_alone_leave_partitions_out(
    reader: Reader, where: str, dates: str | None
) -> None:
    [read] = [r for r in reader.reads(f"select 1 from marts.facts {where}") if "facts" in r.table]
    assert read.dates == dates


def test_dates_leave_nothing_out_where_another_part_reads_all(reader: Reader) -> None:
    night = f"select points from marts.facts where {NIGHT}"
    [read] = reader.reads(f"{night} union all select points from marts.facts")
    assert read.dates is None
    [read] = reader.reads(f"select points from marts.facts union all {night}")
    assert read.dates is None
    [read] = reader.reads(f"{night} union all {night.replace('02', '01')}")
    assert read.dates.count(" or ") == 1


def test_dates_asked_of_a_view_leave_partitions_out(reader: Reader) -> None:
    [read] = reader.reads(f"select points from staging.stg_facts where {NIGHT}")
    assert read.dates == "(game_date IN (CAST('2024-01-02' AS DATE)))"


def test_dates_mean_nothing_to_a_table_without_partitions(connection: Any) -> None:
    reader = Reader(*catalog(connection), set())
    [read] = reader.reads(f"select points from marts.facts where {NIGHT}")
    assert read.dates is None


def test_a_delete_is_billed_for_every_column(reader: Reader) -> None:
    facts, games = reader.reads(
        f"delete from marts.facts where {ALL}"
        " and game_date not in (select game_date from marts.games)"
    )
    assert len(facts.columns) == 5
    assert facts.dates == "(game_date IS NULL OR game_date >= CAST('1946-11-01' AS DATE))"
    assert games == Read("marts.games", frozenset({"game_date"}))


@pytest.mark.parametrize(
    "sql",
    [
        "create view marts.v as select points from marts.facts",
        "select * from (select points from marts.facts) as q where false limit 0",
    ],
)
def test_what_only_defines_reads_nothing(reader: Reader, sql: str) -> None:
    assert reader.reads(sql) == []


def test_an_unknown_column_is_an_error(reader: Reader) -> None:
    with pytest.raises(ValueError, match="rebounds"):
        reader.reads("select rebounds from marts.facts")
