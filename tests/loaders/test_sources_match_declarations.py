"""dbt's sources are the tables that the loaders declare, neither more nor less."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from flows.audit.tables import ALERTS, ENTERED_TABLES
from flows.forecasting.evaluation_tables import EVALUATION_TABLES
from flows.forecasting.tables import FORECAST_TABLES
from flows.waivers import WAIVERS
from loaders.raw import RAW_TABLES
from loaders.settings import PROJECT_ROOT
from loaders.tables import RawTable

DECLARED: dict[str, tuple[RawTable, ...]] = {
    **RAW_TABLES,
    "forecasts": FORECAST_TABLES,
    "evaluations": EVALUATION_TABLES,
    "runs": (*ENTERED_TABLES, ALERTS, WAIVERS),
}
# dlt's own list of loads, which freshness is told from.
LOADS = "_dlt_loads"
# Types that the two engines call differently are written as a condition on the target.
TYPES = {
    "text": "string",
    "bigint": "int64",
    "double": "{{ 'float64' if target.type == 'bigquery' else 'double' }}",
    "bool": "bool",
    "date": "date",
    "timestamp": "{{ 'timestamp' if target.type == 'bigquery' else 'timestamptz' }}",
}


def source(name: str) -> dict[str, Any]:
    path = PROJECT_ROOT / "models" / "staging" / name / f"_{name}__sources.yml"
    (found,) = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    return found


def test_every_source_is_declared() -> None:
    folders = {path.name for path in (PROJECT_ROOT / "models" / "staging").iterdir()}
    assert folders == set(DECLARED)


@pytest.mark.parametrize("name", DECLARED)
def test_tables_and_columns_are_those_of_the_declaration(name: str) -> None:
    described = {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in source(name)["tables"]
        if table["name"] != LOADS
    }
    declared = {
        table.name: {column.name: TYPES[column.data_type] for column in table.all_columns()}
        for table in DECLARED[name]
    }
    assert described == declared


@pytest.mark.parametrize("name", DECLARED)
def test_the_source_stands_where_it_is_loaded(name: str) -> None:
    found = source(name)
    own = "{{ target.schema ~ '_' if target.schema not in ['main', 'nba_props'] else '' }}"
    assert (found["name"], found["schema"]) == (name, f"{own}raw_{name}")
    assert LOADS in {table["name"] for table in found["tables"]}
