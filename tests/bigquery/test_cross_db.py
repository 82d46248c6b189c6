"""Every macro of macros/cross_db, rendered for both engines, gives the same value on both."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner
from googlesql import GoogleSql

from loaders.settings import PROJECT_ROOT

WINTER = "instant_literal('2026-01-16T03:30:00+00:00')"
SUMMER = "instant_literal('2026-07-16T03:30:00+00:00')"
DAY = "\"cast('2026-03-07' as date)\""
NO_DATE = "'cast(null as date)'"
NO_NUMBER = "'cast(null as ' ~ dbt.type_bigint() ~ ')'"
NO_TEXT = "'cast(null as ' ~ dbt.type_string() ~ ')'"
LATER = "instant_literal('2026-01-16T03:30:01.250000+00:00')"
FEBRUARY = "(select cast('2026-02-28' as date) as x, cast('2026-03-02' as date) as y) as days"
RANGE = f"every_date(\"{FEBRUARY}\", 'x', 'y')"
DATES = (
    "concat({{ to_text('min(game_date)') }}, ' ', {{ to_text('max(game_date)') }}, ' ',"
    " {{ to_text('count(distinct game_date)') }})"
)
BOOLS = "from (select true as x union all select false as x union all select null as x) as t"
NUMBERS = "from (select 1 as n union all select 2 as n union all select 4 as n) as t"


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


# (file of the macro, SQL of one value, the value)
CASES: list[tuple[str, str, Any]] = [
    ("add_days", f"{{{{ add_days({DAY}, 25) }}}}", date(2026, 4, 1)),
    ("add_days", f"{{{{ add_days({DAY}, -7) }}}}", date(2026, 2, 28)),
    ("add_days", f"{{{{ add_days({NO_DATE}, 1) }}}}", None),
    ("add_minutes", f"{{{{ add_minutes({WINTER}, -45) }}}}", at(2026, 1, 16, 2, 45)),
    ("all_true", f"(select {{{{ all_true('x') }}}} {BOOLS})", False),
    ("all_true", f"(select {{{{ all_true('n > 0') }}}} {NUMBERS})", True),
    ("any_true", f"(select {{{{ any_true('x') }}}} {BOOLS})", True),
    ("any_true", f"(select {{{{ any_true('n > 4') }}}} {NUMBERS})", False),
    ("days_between", f"{{{{ days_between({DAY}, add_days({DAY}, 40)) }}}}", 40),
    ("days_between", f"{{{{ days_between({DAY}, {NO_DATE}) }}}}", None),
    ("edit_distance", "{{ edit_distance(\"'kitten'\", \"'sitting'\") }}", 3),
    ("edit_distance", f"{{{{ edit_distance(\"'kitten'\", {NO_TEXT}) }}}}", None),
    ("eastern_date", f"{{{{ eastern_date({WINTER}) }}}}", date(2026, 1, 15)),
    ("eastern_date", f"{{{{ eastern_date(add_minutes({WINTER}, 89)) }}}}", date(2026, 1, 15)),
    ("eastern_date", f"{{{{ eastern_date(add_minutes({WINTER}, 90)) }}}}", date(2026, 1, 16)),
    ("eastern_date", f"{{{{ eastern_date(add_minutes({SUMMER}, 30)) }}}}", date(2026, 7, 16)),
    ("eastern_instant", f"{{{{ eastern_instant({DAY}, 19) }}}}", at(2026, 3, 8, 0)),
    # the clocks go forward on the eighth
    ("eastern_instant", f"{{{{ eastern_instant(add_days({DAY}, 1), 19) }}}}", at(2026, 3, 8, 23)),
    ("every_date", f"(select {DATES} from ({{{{ {RANGE} }}}}) as d)", "2026-02-28 2026-03-02 3"),
    ("given_name_first", "{{ given_name_first(\"'Portis, Bobby'\") }}", "Bobby Portis"),
    ("given_name_first", "{{ given_name_first(\"'Wembanyama Victor'\") }}", "Victor Wembanyama"),
    ("given_name_first", "{{ given_name_first(\"'Martin Jr. K.'\") }}", "K. Martin"),
    ("given_name_first", "{{ given_name_first(\"'Nene'\") }}", "Nene"),
    ("given_name_first", f"{{{{ given_name_first({NO_TEXT}) }}}}", None),
    ("greatest_known", f"{{{{ greatest_known(['1', {NO_NUMBER}, '3']) }}}}", 3),
    ("greatest_known", f"{{{{ greatest_known([{NO_NUMBER}, {NO_NUMBER}]) }}}}", None),
    ("greatest_known", f"{{{{ least_known([{NO_NUMBER}, '2', '3']) }}}}", 2),
    ("instant_literal", f"{{{{ {WINTER} }}}}", at(2026, 1, 16, 3, 30)),
    (
        "instant_literal",
        "{{ instant_literal('2026-01-15T22:30:00-05:00') }}",
        at(2026, 1, 16, 3, 30),
    ),
    ("integer_sum", f"(select {{{{ integer_sum('n') }}}} {NUMBERS})", 7),
    ("is_match", "{{ is_match(\"'12:34'\", '[0-9]+:[0-9]{2}') }}", True),
    ("is_match", "{{ is_match(\"'at 12:34'\", '[0-9]+:[0-9]{2}') }}", False),
    ("is_match", "{{ is_match(\"'1a'\", '1|1a|b') }}", True),
    (
        "load_instant",
        "{{ load_instant(\"'1768534200.4022'\") }}",
        at(2026, 1, 16, 3, 30, 0, 402200),
    ),
    # digits beyond the microsecond, which one engine cut off and the other rounded
    (
        "load_instant",
        "{{ load_instant(\"'1764306433.5538745'\") }}",
        at(2025, 11, 28, 5, 7, 13, 553875),
    ),
    ("member_id", "{{ member_id(\"'archive'\", '7') }}", md5("archive:7")[:12]),
    ("minutes_between", f"{{{{ minutes_between({WINTER}, add_minutes({WINTER}, 59)) }}}}", 59),
    # whole minutes that have passed, not minute marks that were crossed
    (
        "minutes_between",
        "{{ minutes_between(instant_literal('2026-01-16T03:30:50+00:00'), "
        "instant_literal('2026-01-16T03:32:10+00:00')) }}",
        1,
    ),
    ("normalized_name", "{{ normalized_name(\"'Luka Dončić'\") }}", "lukadoncic"),
    ("normalized_name", "{{ normalized_name(\"'Nikola Đurišić Jr.'\") }}", "nikoladurisic"),
    ("normalized_name", "{{ normalized_name(\"'P.J. Washington III'\") }}", "pjwashington"),
    ("normalized_name", "{{ normalized_name(\"'Jalen Williams (OKC)'\") }}", "jalenwilliams"),
    ("normalized_name", "{{ normalized_name(\"'Kyle  Lowry (Phi) '\") }}", "kylelowry"),
    ("normalized_name", "{{ normalized_name(\"'De’Anthony Melton'\") }}", "deanthonymelton"),
    ("normalized_name", "{{ normalized_name(\"'BRUCE BROWN, JR.'\") }}", "brucebrown"),
    ("normalized_name", "{{ normalized_name(\"'Jones Jr. Derrick'\") }}", "jonesderrick"),
    ("normalized_name", "{{ normalized_name(\"'JR Smith'\") }}", "jrsmith"),
    ("normalized_name", "{{ normalized_name(\"'Ömer Aşık'\") }}", "omerasik"),
    ("normalized_name", "{{ normalized_name(\"'İbrahim Ivan'\") }}", "ibrahimivan"),
    ("normalized_name", f"{{{{ normalized_name({NO_TEXT}) }}}}", None),
    ("row_id", "{{ row_id([\"'a'\", '7']) }}", md5("a|7")),
    ("row_id", f"{{{{ row_id([\"'a'\", {NO_TEXT}]) }}}}", md5("a|~")),
    ("safe_divide", "{{ safe_divide('7', '2') }}", 3.5),
    ("safe_divide", "{{ safe_divide('1', '0') }}", None),
    ("safe_divide", f"{{{{ safe_divide('1', {NO_NUMBER}) }}}}", None),
    ("seconds_between", f"{{{{ seconds_between({WINTER}, {LATER}) }}}}", 1.25),
    ("to_text", "{{ to_text('-7') }}", "-7"),
    ("to_text", f"{{{{ to_text({NO_NUMBER}) }}}}", None),
    ("try_cast", "{{ try_cast(\"'12'\", dbt.type_bigint()) }}", 12),
    ("try_cast", "{{ try_cast(\"'DNP'\", dbt.type_bigint()) }}", None),
    ("type_double", "cast('0.1' as {{ type_double() }}) + 0.2", 0.1 + 0.2),
    (
        "type_instant",
        "cast('2026-01-16 03:30:00+00' as {{ type_instant() }})",
        at(2026, 1, 16, 3, 30),
    ),
    (
        "whole_numbers",
        "(with upto as (select 1 as n union all select 2 as n union all"
        f" select {{{{ {NO_NUMBER} }}}} as n)"
        " select concat({{ to_text('count(*)') }}, ' ', {{ to_text('sum(value)') }})"
        " from ({{ whole_numbers('upto', 'n', ['n']) }}) as numbers)",
        "5 4",
    ),
    ("unix_micros", f"{{{{ unix_micros({WINTER}) }}}}", 1768534200000000),
    (
        "integer_sum",
        "(select max(total) from (select "
        "{{ integer_sum('n', '(order by n rows between 1 preceding and current row)') }}"
        f" as total {NUMBERS}) as s)",
        6,
    ),
]


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """All cases in one row, in the SQL of each engine. No server is asked."""
    selected = ", ".join(f"{sql} as case_{n}" for n, (_, sql, _) in enumerate(CASES))
    return {
        target: _compiled(target, f"select {selected}", tmp_path_factory.mktemp(target))
        for target in ("duckdb", "bigquery")
    }


def _compiled(target: str, sql: str, folder: Path) -> str:
    places = {"project": PROJECT_ROOT, "profiles": PROJECT_ROOT}
    options = [part for name, path in places.items() for part in (f"--{name}-dir", str(path))]
    options += ["--target-path", str(folder), "--log-path", str(folder), "--target", target]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NBA_PROPS_HOME", str(folder))
        environment.setenv("NBA_PROPS_BIGQUERY_METHOD", "oauth-secrets")
        environment.setenv("DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN", "anything")
        offline = ["--no-populate-cache", "--no-introspect"]
        done = dbtRunner().invoke(
            ["--log-level", "none", "compile", "--inline", sql, *offline, *options]
        )
    assert done.success, str(done.exception)
    return done.result.results[0].node.compiled_code


@pytest.fixture(scope="module")
def on_duckdb(rendered: dict[str, str]) -> dict[str, Any]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(rendered["duckdb"]).to_arrow_table().to_pylist()[0]


@pytest.fixture(scope="module")
def on_bigquery(rendered: dict[str, str]) -> dict[str, Any]:
    return GoogleSql().evaluate(rendered["bigquery"]).to_pylist()[0]


@pytest.mark.parametrize("n", range(len(CASES)), ids=[f"{n}_{c[0]}" for n, c in enumerate(CASES)])
def test_a_macro_gives_its_value_on_both_engines(
    n: int, on_duckdb: dict[str, Any], on_bigquery: dict[str, Any]
) -> None:
    expected = CASES[n][2]
    assert on_duckdb[f"case_{n}"] == expected
    assert on_bigquery[f"case_{n}"] == expected


def test_every_macro_has_a_case() -> None:
    files = {path.stem for path in (PROJECT_ROOT / "macros" / "cross_db").glob("*.sql")}
    # what it configures is compared with the tables of the emulator, in the wire suite
    assert files - {"slice_config"} == {name for name, _, _ in CASES}
