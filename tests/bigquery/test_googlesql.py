"""The harness is as strict as BigQuery and counts as it does, or the suites on it prove nothing."""

from datetime import UTC, date, datetime
from pathlib import Path

import googlesql_module
import pyarrow as pa
import pytest
from googlesql import Column, EvaluationFailed, GoogleSql, SqlRejected, Unsupported
from googlesql_statements import (
    GAMES,
    NOT_TO_BE_JUDGED,
    REFUSED_THOUGH_BIGQUERY_HAS_THEM,
    SENT,
    VALID,
    VALID_ON_DUCKDB_ALONE,
)

INSTANT = datetime(2026, 1, 1, 2, tzinfo=UTC)
VALUES = {
    "7 / 2": 3.5,
    "cast(2.5 as int64)": 3,
    "cast(-2.5 as int64)": -3,
    "round(0.125, 2)": 0.13,
    "greatest(1, null)": None,
    "concat('a', null)": None,
    "cast(1.0 as string)": "1",
    "0.1 + 0.2": 0.30000000000000004,
    "[10, 20][1]": 20,
    "date_trunc(date '2026-01-07', week)": date(2026, 1, 4),
    "extract(dayofweek from date '2026-01-04')": 1,
    "date(timestamp '2026-01-01 02:00:00+00', 'America/New_York')": date(2025, 12, 31),
    "timestamp '2025-12-31 21:00:00-05:00'": INSTANT,
    "to_hex(md5('a'))": "0cc175b9c0f1b6a831c399e269772661",
    "regexp_extract('abc', '[0-9]+')": None,
    "1 in (2, null)": None,
    "if(false, 1 / 0, 2)": 2,
    "[struct(1 as a, null as b)]": [{"a": 1, "b": None}],
}

FAILING = [
    "1 / 0",
    "9223372036854775807 + 1",
    "cast('12.5' as int64)",
    "ln(0)",
    "date '2026-01-01' + 9000000",
]


@pytest.fixture(scope="module")
def sql() -> GoogleSql:
    found = GoogleSql()
    found.declare("core.games", GAMES)
    return found


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return pa.table(
        {
            "text": ["é", None, "", "x" * 300],
            "whole": [2**63 - 1, -(2**63), None, 0],
            "real": [1.5, None, -0.0, float("inf")],
            "flag": [True, None, False, True],
            "day": pa.array([date(2026, 1, 1), date(1900, 2, 28), None, date(9999, 12, 31)]),
            "at": pa.array(
                [INSTANT, datetime(1960, 1, 1, 0, 0, 0, 1, tzinfo=UTC), None, INSTANT],
                pa.timestamp("us", tz="UTC"),
            ),
        }
    )


@pytest.mark.parametrize("name", VALID_ON_DUCKDB_ALONE)
def test_refuses_what_bigquery_refuses(sql: GoogleSql, name: str) -> None:
    with pytest.raises(SqlRejected):
        sql.analyze(VALID_ON_DUCKDB_ALONE[name])


@pytest.mark.parametrize("name", VALID)
def test_takes_what_bigquery_takes(sql: GoogleSql, name: str) -> None:
    sql.analyze(VALID[name])


@pytest.mark.parametrize("name", SENT)
def test_takes_what_dbt_and_dlt_send(sql: GoogleSql, name: str) -> None:
    statement, columns = SENT[name]
    assert [column.name for column in sql.analyze(statement)] == columns


@pytest.mark.parametrize("name", NOT_TO_BE_JUDGED)
def test_says_what_it_cannot_judge(sql: GoogleSql, name: str) -> None:
    with pytest.raises(Unsupported):
        sql.analyze(NOT_TO_BE_JUDGED[name])


@pytest.mark.parametrize("call", REFUSED_THOUGH_BIGQUERY_HAS_THEM)
def test_is_too_strict_about(sql: GoogleSql, call: str) -> None:
    with pytest.raises(SqlRejected, match="Function not found"):
        sql.analyze(f"select {call} from core.games")


def test_names_line_and_column_of_the_whole_text(sql: GoogleSql) -> None:
    with pytest.raises(SqlRejected, match=r"\[at 3:13\]") as refusal:
        sql.analyze("/* {} */ select 1;\n-- é\nselect 'é', pionts from core.games")
    assert "in: select 1; select 'é', pionts" in str(refusal.value)


def test_tells_types_by_their_standard_names(sql: GoogleSql) -> None:
    assert sql.analyze("select * from core.games") == tuple(GAMES)
    found = sql.analyze("select numeric '1', b'', datetime '2026-01-01', [struct(1 as a, 1.5)]")
    assert [column.name for column in found] == ["f0_", "f1_", "f2_", "f3_"]
    assert [column.type for column in found] == [
        "NUMERIC",
        "BYTES",
        "DATETIME",
        "ARRAY<STRUCT<a INT64, FLOAT64>>",
    ]


def test_declares_only_types_that_bigquery_has(sql: GoogleSql) -> None:
    with pytest.raises(SqlRejected, match="hugeint"):
        sql.declare("core.huge", [Column("a", "hugeint")])


def test_breaks_down_over_one_statement_and_goes_on(sql: GoogleSql) -> None:
    with pytest.raises(Unsupported, match="broke down"):
        sql.analyze("select " + " + ".join(["1"] * 100_000))
    assert sql.analyze("select 1 as one") == (Column("one", "INT64"),)


@pytest.mark.parametrize("expression", VALUES)
def test_counts_as_bigquery_does(sql: GoogleSql, expression: str) -> None:
    found = sql.evaluate(f"select {expression} as value")["value"].to_pylist()
    assert found == [VALUES[expression]]


@pytest.mark.parametrize("expression", FAILING)
def test_fails_where_bigquery_fails(sql: GoogleSql, expression: str) -> None:
    with pytest.raises(EvaluationFailed):
        sql.evaluate(f"select {expression}")


def test_orders_nulls_first(sql: GoogleSql) -> None:
    found = sql.evaluate("select x from unnest([2, null, 1]) as x order by x")
    assert found["x"].to_pylist() == [None, 1, 2]


def test_rows_come_back_as_they_went_in(sql: GoogleSql, rows: pa.Table) -> None:
    sql.fill("core.kept", rows)
    assert sql.evaluate("select * from `p`.`core`.`kept`").equals(rows)
    sql.fill("core.kept", rows.slice(0, 0))
    assert sql.evaluate("select * from core.kept").equals(rows.slice(0, 0))
    sql.fill("core.kept", pa.concat_tables([rows.slice(1, 2), rows]))
    assert sql.evaluate("select * from core.kept").num_rows == 6


def test_fills_only_types_that_models_have(sql: GoogleSql) -> None:
    with pytest.raises(TypeError, match="int32"):
        sql.fill("core.narrow", pa.table({"a": pa.array([1], pa.int32())}))


def test_evaluates_only_filled_tables(sql: GoogleSql, rows: pa.Table) -> None:
    with pytest.raises(EvaluationFailed, match=r"not filled: \['core.games'\]"):
        sql.evaluate("select points from core.games")
    sql.fill("core.gone", rows)
    sql.drop("core.gone")
    with pytest.raises(SqlRejected, match="Table not found"):
        sql.evaluate("select * from core.gone")
    with pytest.raises(Unsupported):
        sql.evaluate("delete from core.games where true")


def test_a_star_keeps_its_columns_where_they_matter(sql: GoogleSql) -> None:
    """Only needed columns are handed over: also those matched by place or excepted by name."""
    sql.fill("core.left", pa.table({"a": [1], "b": [2], "c": [3]}))
    sql.fill("core.right", pa.table({"x": [4], "y": [5], "z": [6]}))
    both = "(select * from core.left union all select * from core.right)"
    assert sql.evaluate(f"select b from {both} order by b")["b"].to_pylist() == [2, 5]
    assert sql.evaluate(f"select b, (select max(y) from core.right) as y from {both} order by b")[
        "b"
    ].to_pylist() == [2, 5]
    with_ = "with all_of as (select * from core.left), again as (select * from all_of)"
    assert sql.evaluate(f"{with_} select c from again")["c"].to_pylist() == [3]
    excepted = sql.evaluate("select c from (select * except (a) from core.left)")
    assert excepted["c"].to_pylist() == [3]
    assert sql.evaluate("select count(*) as n from core.left")["n"].to_pylist() == [1]


def test_memberships_that_are_joined_keep_their_rows(sql: GoogleSql) -> None:
    sql.fill("core.a", pa.table({"k": [1, 1, 2, None], "v": ["a", "b", "c", "d"]}))
    sql.fill("core.b", pa.table({"k": [1, 1, None, 3], "v": ["a", "a", "z", "b"]}))
    found = sql.evaluate(
        """with keys as (select k from core.b)
        select * from core.a
        where true and a.k in (select k from keys) and v in (select v from core.b where v < 'b')"""
    )
    assert found.to_pylist() == [{"k": 1, "v": "a"}]
    correlated = "select v from core.a where k in (select b.k from core.b where b.v = a.v)"
    assert sql.evaluate(correlated)["v"].to_pylist() == ["a"]
    refused = "select v from core.a where k not in (select k from core.b where k is not null)"
    assert sql.evaluate(refused)["v"].to_pylist() == ["c"]


def test_large_tables_stay_usable(sql: GoogleSql) -> None:
    """Joins go by hash: loops over this many rows would take minutes. No array holds these keys."""
    count = 5_000
    keys = [f"{n:0256}" for n in range(count)]
    numbers = pa.table({"k": keys, "n": range(count), "g": [n % 100 for n in range(count)]})
    sql.fill("core.large", numbers)
    joined = "select count(*) as n from core.large a left join core.large b on a.k = b.k"
    member = "select count(*) as n from core.large where k in (select k from core.large)"
    windowed = """select count(*) as n from (select sum(n) over (partition by g order by n
        rows between 3 preceding and 1 preceding) as s from core.large)"""
    for query in (joined, member, windowed):
        assert sql.evaluate(query)["n"].to_pylist() == [count]


def test_a_module_of_another_processor_is_compiled_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiling takes too long for a test, so a tiny module stands in."""
    tiny = tmp_path / "tiny.wasm"
    tiny.write_bytes(b"\0asm\1\0\0\0")
    monkeypatch.setattr(googlesql_module, "get_wasm_path", lambda: tiny)
    cache = tmp_path / "cache"
    googlesql_module.GoogleSqlModule(cache)
    (kept,) = cache.glob("*.compiled")
    whole = kept.read_bytes()
    kept.write_bytes(b"made elsewhere")
    googlesql_module.GoogleSqlModule(cache)
    assert kept.read_bytes() == whole
    assert sorted(path.suffix for path in cache.iterdir()) == [".compiled", ".lock"]
