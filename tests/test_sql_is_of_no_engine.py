"""What DuckDB and BigQuery say differently is said in macros/cross_db, and nowhere else."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from loaders.settings import PROJECT_ROOT

FOLDERS = ("models", "macros", "tests", "analyses", "seeds")
ONE_PLACE = "macros/cross_db"

# dbt renders yml without macros, so the types of contracts ask for the engine where they stand
# Each target has a report of its own; the link names the folder, not the engine.
REPORT_OF_TARGET = re.compile(r"url: \.\./report/\{\{ target\.name \}\}/")
CONTRACT_TYPE = re.compile(
    r"&(double|instant) \"\{\{ '(float64|timestamp)' if target\.type == 'bigquery' "
    r"else '(double|timestamptz)' \}\}\""
)
ASKS_FOR_THE_ENGINE = re.compile(
    r"target\.(type|name)\b|adapter\.(dispatch|type)\b|\b(bigquery|duckdb|default)__"
)
# the same word with another meaning, or a word of one engine only (both suites see the rest)
ENGINE_WORDS = re.compile(
    r"::|\b(?:"
    r"(?:greatest|least|concat|log|extract|split|regexp_\w+|date_\w+|datetime_\w+|timestamp_\w+|"
    r"strftime|strptime|median|quantile_\w+|percentile_\w+|approx_\w+|max_by|min_by|arg_max|arg_min|"
    r"bool_or|bool_and|logical_or|logical_and|try_cast|safe_cast|unnest|array_agg|list_\w+|array_\w+|"
    r"epoch\w*|unix_\w+|timezone|md5|to_hex|normalize|strip_accents|generate_\w+)\s*\("
    r"|ilike\b|interval\b|filter\s*\(|exclude\b|except\s*\()",
    re.IGNORECASE,
)
# where no argument can be null, so that both engines agree
NEVER_NULL = {
    "macros/formulas/window_std.sql": {"greatest("},
    "macros/formulas/composite.sql": {"greatest(", "least("},
    "macros/formulas/negative_binomial.sql": {"least("},
    "models/intermediate/forecasts/int_forecasts__measured.sql": {"greatest(", "least("},
}


def code(text: str) -> str:
    """SQL and jinja without comments, and jinja without the names of our own and dbt's macros."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", "", text)
    called = re.compile(rf"\b(dbt\.\w+|{'|'.join(macro_names())})\s*\(")
    jinja = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", flags=re.DOTALL)
    return jinja.sub(lambda block: called.sub("(", block.group(0)), text)


def engine_words(path: str, text: str) -> list[str]:
    """What in this file is of one engine."""
    rest = code(text)
    found = [match.group(0) for match in ENGINE_WORDS.finditer(rest)]
    found = [word for word in found if word not in NEVER_NULL.get(path, set())]
    return found + [match.group(0) for match in ASKS_FOR_THE_ENGINE.finditer(rest)]


@cache
def macro_names() -> list[str]:
    texts = [path.read_text() for path in (PROJECT_ROOT / "macros").rglob("*.sql")]
    return sorted({name for text in texts for name in re.findall(r"\{% macro (\w+)\(", text)})


def sql_files() -> list[str]:
    found = [
        path
        for folder in FOLDERS
        for path in (PROJECT_ROOT / folder).rglob("*.sql")
        # worlds that tests make up in DuckDB
        if not path.name.startswith("made_up_")
    ]
    return sorted(str(path.relative_to(PROJECT_ROOT)) for path in found)


@pytest.mark.parametrize("path", [p for p in sql_files() if not p.startswith(ONE_PLACE)])
def test_sql_is_of_no_engine(path: str) -> None:
    assert engine_words(path, (PROJECT_ROOT / path).read_text()) == []


def test_yml_asks_for_the_engine_in_the_types_of_contracts_only() -> None:
    for path in [p for folder in FOLDERS for p in (PROJECT_ROOT / folder).rglob("*.yml")]:
        if ONE_PLACE not in str(path):
            rest = REPORT_OF_TARGET.sub("", CONTRACT_TYPE.sub("", path.read_text()))
            assert ASKS_FOR_THE_ENGINE.findall(rest) == [], path


@pytest.mark.parametrize(
    "sql",
    [
        "select points::int64 from t",
        "select median(points) from t",
        "select try_cast(points as int) from t",
        "select greatest(a, b) from t",
        "select count(*) filter (where a) from t",
        "select * exclude (a) from t",
        "select a + interval 1 day from t",
        "{% if target.type == 'bigquery' %}select 1{% endif %}",
        "{{ return(adapter.dispatch('x', 'nba_props')()) }}",
        "{% macro bigquery__x() %}{% endmacro %}",
    ],
)
def test_the_lint_bites(sql: str) -> None:
    assert engine_words("models/bite.sql", sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select {{ greatest_known(['a', 'b']) }} from t -- greatest() differs",
        "select {{ dbt.hash('a') }} from t",
        "{# ilike #} select a from t where date_of_birth is null",
    ],
)
def test_the_lint_lets_pass(sql: str) -> None:
    assert engine_words("models/fine.sql", sql) == []


def test_every_cross_database_macro_says_what_differs() -> None:
    for path in sorted((PROJECT_ROOT / ONE_PLACE).glob("*.sql")):
        assert Path(path).read_text().startswith("{#"), f"{path.name} has no comment"
