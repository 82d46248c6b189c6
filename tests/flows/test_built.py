"""Which change of a project, or of a warehouse, has tables built from nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from flows.built import Built
from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

FILES = {
    "dbt_project.yml": """
name: tiny
version: "1.0"
profile: tiny
flags: {send_anonymous_usage_stats: false}
models: {tiny: {+schema: marts}}
""",
    "profiles.yml": """
tiny:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('NBA_PROPS_HOME') }}/warehouse.duckdb"}
""",
    "macros/all.sql": "{% macro one() %}1{% endmacro %}{% test odd(model) %}select 1{% endtest %}",
    "seeds/names.csv": "name\nwhite\n",
    "models/base.sql": "select {{ one() }} as a from {{ ref('names') }}",
    "models/gate_base.sql": "select a from {{ ref('base') }}",
    "models/facts.sql": "-- depends_on: {{ ref('gate_base') }}\n"
    "{{ config(materialized='incremental') }} select a, 2 as b from {{ ref('base') }}",
    "models/grades.sql": "{{ config(materialized='incremental') }}"
    " select mean from {{ source('forecasts', 'forecasts') }}",
    "models/report.sql": "select a from {{ ref('facts') }}",
    "models/models.yml": """
sources: [{name: forecasts, tables: [{name: forecasts}]}]
models:
  - {name: facts, columns: [{name: a, description: A number.}, {name: b, data_type: int}]}
  - {name: grades, columns: [{name: mean}]}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def look(settings: Settings, project: Path) -> Callable[[], Built]:
    """What is known now, with the project parsed anew."""
    return lambda: Built(settings, DbtRunner(settings, project_dir=project))


def outdated(built: Built) -> list[str]:
    return [half for half in ("features", "forecasts") if built.is_outdated(half)]


@pytest.fixture
def built(look: Callable[[], Built]) -> Built:
    """Both halves were built from the project as it is."""
    built = look()
    built.remember("features")
    built.remember("forecasts")
    assert outdated(built) == []
    return built


def test_what_was_never_built_is_built_from_nothing(look: Callable[[], Built]) -> None:
    assert outdated(look()) == ["features", "forecasts"]
    look().remember("features")
    assert outdated(look()) == ["forecasts"]
    assert look().is_same_project()


@pytest.mark.parametrize(
    ("path", "old", "new", "halves"),
    [
        ("models/facts.sql", "2 as b", "3 as b", ["features"]),
        ("models/base.sql", "}} as a", "}} + 1 as a", ["features"]),
        ("models/models.yml", "data_type: int", "data_type: bigint", ["features"]),
        ("models/grades.sql", "select mean", "select 2 * mean as mean", ["forecasts"]),
        ("seeds/names.csv", "white", "green", ["features"]),
        ("macros/all.sql", "1{% endmacro", "2{% endmacro", ["features", "forecasts"]),
        ("dbt_project.yml", '"1.0"', '"1.1"', ["features", "forecasts"]),
        # nothing that makes a row of an incremental table
        ("macros/all.sql", "select 1{% endtest", "select 2{% endtest", []),
        ("models/report.sql", "select a", "select a + 1 as a", []),
        ("models/gate_base.sql", "select a", "select a + 1 as a", []),
        ("models/models.yml", "A number.", "Another text.", []),
    ],
)
def test_a_changed_text_rebuilds_what_rests_on_it(
    built: Built,
    look: Callable[[], Built],
    project: Path,
    path: str,
    old: str,
    new: str,
    halves: list[str],
) -> None:
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new))
    assert outdated(look()) == halves


def test_a_table_with_other_columns_than_declared_is_built_from_nothing(
    built: Built, warehouse: Callable
) -> None:
    warehouse("create schema marts", "create table marts.facts (A int, b int)")
    assert outdated(built) == []
    warehouse("alter table marts.facts add column c int")
    assert built.differing("features") == ["marts.facts"]
    warehouse("alter table marts.facts drop column c", "alter table marts.facts drop column b")
    assert outdated(built) == ["features"]
    warehouse("create table marts.grades as select 1 as variance")
    assert outdated(built) == ["features", "forecasts"]


def test_a_build_that_began_and_did_not_end_is_not_known(built: Built) -> None:
    built.forget("features")
    assert outdated(built) == ["features"]
    built.remember("features")
    assert outdated(built) == []


@pytest.mark.parametrize("text", ["0a1b2c", '"text"', '{"project": ', ""])
def test_a_file_of_an_older_version_or_cut_off_says_nothing(
    built: Built, look: Callable[[], Built], text: str
) -> None:
    built.path.write_text(text)
    assert outdated(look()) == ["features", "forecasts"]
    assert not look().is_same_project()
