"""What a run leaves behind: exact rows, one a run and thing, also where it failed."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from audited import BUILD, DAY, GAMES, LOADED, NO_EVENTS, START, VARS, recorded, rows, work

from flows import errors as flow_errors
from flows import loading
from flows.audit import artifacts, processes
from flows.audit.tables import AUDIT_TABLES
from flows.backfill_sources import load_now
from flows.errors import DbtBuildFailed
from flows.forecasting import errors as forecasting_errors
from flows.progress import SilentReporter
from loaders import errors as loader_errors
from loaders.attempts import LoadReport
from loaders.errors import TransientError
from loaders.pipeline import LoadOutcome
from loaders.settings import PROJECT_ROOT, Settings


def test_a_run_leaves_its_nodes_gates_loads_steps_sources_and_quota(
    settings: Settings, clock: Callable, built: Callable
) -> None:
    built("pass")
    with recorded(settings, clock) as ledger:
        work(ledger.audit)
        ledger.forecasts("TIP")
    [run] = rows(settings, "runs")
    run_id = run["run_id"]
    assert (run["status"], run["error"], run["error_class"]) == ("completed", None, None)
    assert (run["host"], run["process_id"]) == (processes.host(), os.getpid())
    assert (run["information_set"], run["project_fingerprint"]) == ("TIP", "print")
    assert (run["is_degraded"], run["degraded_reason"]) == (False, None)
    assert run["vars_hash"] == artifacts.vars_hash([BUILD])
    assert set(json.loads(run["versions"])) == {
        *("nba_props", "dbt", "dlt", "duckdb", "catboost", "python")
    }

    nodes = {row["name"]: row for row in rows(settings, "nodes")}
    assert nodes["games"] == {
        "run_id": run_id,
        "selector": "features",
        "node_id": "model.nba_props.games",
        "name": "games",
        "resource_type": "model",
        "layer": "core",
        "status": "success",
        "seconds": 0.5,
        "rows_affected": None,
        "failures": None,
        "message": "OK ***",
        "started_at": LOADED,
    }
    assert {name: row["status"] for name, row in nodes.items()} == {
        "games": "success",
        "gate_core": "success",
        "gate_holds": "fail",
        "slate": "skipped",
    }
    assert (nodes["gate_holds"]["failures"], nodes["gate_holds"]["layer"]) == (3, "core")

    [gate] = rows(settings, "gate_results")
    assert (gate["run_id"], gate["gate_row_id"], gate["metric"], gate["status"]) == (
        *(run_id, "g1", "every_game_has_teams", "pass"),
    )
    assert (gate["value"], gate["game_date"], gate["measured_as_of"]) == (3.0, DAY, START)

    games, events = rows(settings, "loads")
    assert games["load_key"] == f"{run_id}/balldontlie/games/1"
    assert (games["status"], games["rows_loaded"], games["received"]) == ("loaded", 7, 9)
    assert (games["requests"], games["http_statuses"]) == (2, "200,429")
    assert (games["unknown_fields"], games["missing_fields"]) == ("a,b", None)
    assert (games["load_id"], games["started_at"]) == ("1768516140.5", LOADED)
    assert (events["load_key"], events["status"]) == (f"{run_id}/odds_api/events/2", "no_data")

    assert rows(settings, "steps") == [
        {
            "run_id": run_id,
            "step": "load sources",
            "ordinal": 1,
            "seconds": 3.5,
            "status": "done",
        }
    ]
    archive, balldontlie = sorted(rows(settings, "source_states"), key=lambda row: row["source"])
    assert (archive["latest_load_id"], archive["age_seconds"]) == (None, None)
    assert balldontlie["latest_load_at"] == datetime(2026, 1, 15, 22, 29, 0, 500_000, tzinfo=UTC)
    assert balldontlie["age_seconds"] > 0
    assert rows(settings, "api_quota") == [
        {
            "run_id": run_id,
            "source": "balldontlie",
            "calls": 2,
            "spent": 0,
            "used": None,
            "remaining": None,
        },
        {
            "run_id": run_id,
            "source": "odds_api",
            "calls": 1,
            "spent": 4,
            "used": 100,
            "remaining": 400,
        },
    ]
    assert list(settings.audit_dir.iterdir()) == []


def test_incident_19_a_run_and_node_is_one_row_however_often_it_is_told(
    settings: Settings, clock: Callable, built: Callable
) -> None:
    built("pass")
    with recorded(settings, clock) as ledger:
        work(ledger.audit)
        # a step that is tried again builds again
        ledger.audit.built(BUILD)
        ledger.complete(clock(), None)
        ledger.complete(clock(), "told twice")
    counts = {table.name: len(rows(settings, table.name)) for table in AUDIT_TABLES}
    assert counts == {
        "runs": 1,
        "nodes": 4,
        "gate_results": 1,
        "loads": 2,
        "steps": 1,
        "source_states": 2,
        "api_quota": 2,
    }
    assert rows(settings, "runs")[0]["reason"] == "told twice"


def test_a_build_that_fails_is_recorded_with_its_gates(
    settings: Settings, clock: Callable, built: Callable
) -> None:
    built("error")

    def run() -> None:
        with recorded(settings, clock) as ledger:
            ledger.audit.built(BUILD)
            raise DbtBuildFailed("dbt build of features: 1 failed\n  test gate_holds: Got 3")

    with pytest.raises(DbtBuildFailed):
        run()
    [row] = rows(settings, "runs")
    assert (row["status"], row["error_class"]) == ("failed", "DbtBuildFailed")
    assert row["project_fingerprint"] == "print"
    assert len(rows(settings, "nodes")) == 4
    assert [gate["status"] for gate in rows(settings, "gate_results")] == ["error"]


def test_a_run_with_a_waived_gate_or_a_load_left_out_is_degraded(
    settings: Settings, clock: Callable, built: Callable
) -> None:
    built("waived")
    failed = replace(GAMES, status="failed", error_class="TransientError", error="down")
    with recorded(settings, clock) as ledger:
        ledger.audit.heard(LoadReport("balldontlie", (failed,)))
        ledger.audit.heard(LoadReport("odds_api", (failed,)))
        # made good by a second attempt
        ledger.audit.heard(LoadReport("balldontlie", (GAMES,)))
        ledger.audit.built(BUILD)
    [row] = rows(settings, "runs")
    assert (row["status"], row["is_degraded"]) == ("completed", True)
    assert row["degraded_reason"] == "odds_api was not loaded; every_game_has_teams is waived"


def test_a_load_that_fails_is_told_apart_from_one_without_data(
    settings: Settings, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: Any, heard: Callable, game_date: date, **__: Any) -> list[LoadOutcome]:
        if game_date == DAY:
            heard(LoadReport("odds_api", (NO_EVENTS,), calls=1, remaining=5))
            return [NO_EVENTS]
        failed = replace(
            NO_EVENTS, status="failed", error_class="TransientError", error="still 503 key-two"
        )
        heard(LoadReport("odds_api", (failed,), calls=3))
        raise TransientError("still 503")

    monkeypatch.setattr(loading, "load_prices", load)
    with pytest.raises(TransientError):
        load_now(
            settings,
            source="odds_api",
            start=DAY,
            end=DAY + timedelta(days=1),
            path=None,
            clock=clock,
            reporter=SilentReporter(),
        )
    [run] = rows(settings, "runs")
    assert (run["command"], run["status"], run["error_class"]) == (
        *("load", "failed", "TransientError"),
    )
    first, second = rows(settings, "loads")
    assert (first["status"], first["error"]) == ("no_data", None)
    assert (second["status"], second["error_class"], second["error"]) == (
        *("failed", "TransientError", "still 503 ***"),
    )
    [quota] = rows(settings, "api_quota")
    assert (quota["calls"], quota["remaining"]) == (4, 5)
    assert [(s["step"], s["status"]) for s in rows(settings, "steps")] == [
        ("load odds_api", "failed")
    ]


def test_a_load_by_hand_is_a_run(
    settings: Settings, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "load_prices", lambda *_, **__: [NO_EVENTS])
    asked = {"source": "odds_api", "start": DAY, "end": DAY, "path": None}
    outcomes = load_now(settings, **asked, clock=clock, reporter=SilentReporter())
    assert outcomes == [NO_EVENTS]
    [run] = rows(settings, "runs")
    assert (run["command"], run["status"], run["game_date_from"]) == ("load", "completed", DAY)
    assert run["as_of"] > run["started_at"]


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("models/marts/core/_core__models.yml", "core"),
        ("models/staging/runs/stg_runs__runs.sql", "staging"),
        ("seeds/markets.csv", "seeds"),
        ("tests/gates/no_final_game_is_a_draw.sql", "tests"),
        ("", ""),
    ],
)
def test_the_layer_of_a_node_is_its_folder(path: str, layer: str) -> None:
    assert artifacts.layer_of(path) == layer


def test_vars_that_differ_in_the_run_only_hash_alike() -> None:
    other = replace(BUILD, vars={**VARS, "run_id": "another"})
    changed = replace(BUILD, vars={**VARS, "as_of": "2026-01-16"})
    assert artifacts.vars_hash([BUILD]) == artifacts.vars_hash([other])
    assert artifacts.vars_hash([BUILD]) != artifacts.vars_hash([changed])
    assert artifacts.vars_hash([]) is None


def test_every_class_of_error_has_a_category() -> None:
    with (PROJECT_ROOT / "seeds" / "failure_categories.csv").open(encoding="utf-8") as file:
        known = {row["error_class"] for row in csv.DictReader(file)}
    classes = {
        name
        for module in (flow_errors, forecasting_errors, loader_errors)
        for name, one in vars(module).items()
        if isinstance(one, type) and issubclass(one, Exception)
    }
    assert classes | {"RunDied"} == known
