"""A made-up run: what it loads, builds and measures, and how its rows are read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flows import runs, warehouse
from flows.audit.collect import Audit
from flows.dbt_runner import BuildResult, NodeResult
from loaders.attempts import LoadReport
from loaders.pipeline import LoadOutcome
from loaders.settings import Settings

START = datetime(2026, 1, 15, 22, 30, tzinfo=UTC)
DAY = date(2026, 1, 15)
LOADED = datetime(2026, 1, 15, 22, 29, tzinfo=UTC)
GAMES = LoadOutcome(
    *("balldontlie", "games", "loaded", 7, 1, "1768516140.5"),
    received=9,
    unknown_fields=("a", "b"),
    requests=2,
    http_statuses="200,429",
    started_at=LOADED,
    finished_at=LOADED + timedelta(seconds=3),
)
NO_EVENTS = LoadOutcome("odds_api", "events", "no_data", 0, 0, "1768516141.5", requests=1)
NODES = (
    NodeResult(
        *("games", "model.nba_props.games", "model", "success", 0.5, "OK key-one", None),
        path="models/marts/core/games.sql",
        started_at=LOADED,
    ),
    NodeResult(
        *("gate_core", "model.nba_props.gate_core", "model", "success", 0.25, None, None),
        path="models/marts/core/gate_core.sql",
    ),
    NodeResult(
        *("gate_holds", "test.nba_props.gate_holds", "test", "fail", 0.1, "Got 3 results", None),
        path="models/marts/core/_core__models.yml",
        failures=3,
    ),
    NodeResult("slate", "model.nba_props.slate", "model", "skipped", 0, None, None),
)
VARS = {"as_of": START.isoformat(), "run_id": "r"}
BUILD = BuildResult("features", NODES, None, VARS, "print")
GATE = """
create or replace table marts.gate_core as select
    'g1' as gate_row_id, 'core' as layer, 'every_game_has_teams' as metric,
    cast(null as varchar) as subject, date '2026-01-15' as game_date, 3.0::double as value,
    'at_least' as direction, 4.0::double as warn_threshold, 4.0::double as error_threshold,
    '{status}' as status, 'me' as waived_by, 'known' as waiver_reason,
    timestamptz '2026-01-15 22:30:00+00' as measured_as_of
"""


def rows(settings: Settings, table: str) -> list[dict]:
    """The rows of a table, without dlt's columns."""
    found = warehouse.query(settings, f"from raw_runs.{table} order by all").to_pylist()
    return [{k: v for k, v in row.items() if not k.startswith("_dlt")} for row in found]


def recorded(settings: Settings, clock: Callable, **what: Any) -> Any:
    asked = {"command": "daily", "run_mode": "live", "as_of": None, "game_dates": (DAY, DAY)}
    return runs.recorded(settings, clock, **{**asked, **what})


def work(audit: Audit) -> None:
    """What a run does: a load of each kind, a step, a build."""
    audit.heard(LoadReport("balldontlie", (GAMES,), calls=2))
    audit.heard(LoadReport("odds_api", (NO_EVENTS,), calls=1, spent=4, used=100, remaining=400))
    audit.stepped("load sources", 3.5, "done")
    audit.built(BUILD)
