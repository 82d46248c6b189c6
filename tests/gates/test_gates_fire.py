"""Every metric that has a threshold is broken, and stops what lies behind it, or says so."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import documented
import pytest
from faults import SCENARIOS
from faults_of_forecasts import PREDICTIONS_WAITING
from lab import Lab, Outcome, later_layers
from scenario import Expected, Scenario

from loaders.settings import PROJECT_ROOT

BLOCKING = ("error", "empty")
FIRED = [
    pytest.param(scenario, one, id=f"{one.metric}-{scenario.name}")
    for scenario in SCENARIOS
    for one in scenario.expects
]
BLOCKED = [one for one in SCENARIOS if one.blocks]
# They stand before the first gate.
BEFORE_THE_GATES = {"gate_raw", "teams"}
# They tell what a gate found, so they stand behind none.
OF_HEALTH = {
    "latency_days",
    "latest_gate_failures",
    "latest_gates",
    "latest_sources",
    "report_header",
}

Observe = Callable[[Scenario], Outcome]


def seed() -> dict[str, dict[str, str]]:
    with (PROJECT_ROOT / "seeds" / "gate_thresholds.csv").open(encoding="utf-8") as file:
        return {row["metric"]: row for row in csv.DictReader(file)}


def test_every_metric_with_a_threshold_has_its_fault() -> None:
    judged = {
        name for name, row in seed().items() if row["warn_threshold"] or row["error_threshold"]
    }
    assert {one.metric for scenario in SCENARIOS for one in scenario.expects} == judged


def test_every_metric_that_can_block_is_seen_to_block() -> None:
    can = {name for name, row in seed().items() if row["error_threshold"]}
    assert {
        one.metric for scenario in SCENARIOS for one in scenario.expects if one.status in BLOCKING
    } == can


def test_without_a_fault_every_gate_passes(lab: Lab) -> None:
    lab.reset()
    layers = dict.fromkeys(row["layer"] for row in seed().values())
    found = [row for layer in layers for row in lab.rows(f"select * from marts.gate_{layer}")]
    assert {row["layer"] for row in found} == set(layers)
    assert {(row["metric"], row["status"]) for row in found if row["status"] != "pass"} == set()


@pytest.mark.parametrize(("scenario", "expected"), FIRED)
def test_a_fault_fires_its_gate(observe: Observe, scenario: Scenario, expected: Expected) -> None:
    outcome = observe(scenario)
    [row] = outcome.rows(expected.metric, expected.game_date, expected.subject)
    value = outcome.injected.get(expected.metric, expected.value)
    assert row["status"] == expected.status
    if expected.status == "empty":
        assert row["value"] is None
    elif value is None:
        assert row["value"] > 0
    else:
        assert row["value"] == pytest.approx(value, abs=expected.near)
    # the test of its name failed, or warned
    assert outcome.status(expected.metric) == {"warn" if expected.status == "warn" else "fail"}
    # the audit has the gate's own row, to the last column
    columns = outcome.measured[0]
    assert {name: row[name] for name in columns} in outcome.measured
    assert [alarm["cause"] for alarm in outcome.alarms].count(expected.metric) == (
        expected.status in BLOCKING
    )


@pytest.mark.parametrize("scenario", BLOCKED, ids=lambda one: one.name)
def test_a_gate_that_fails_blocks_and_says_why(observe: Observe, scenario: Scenario) -> None:
    outcome = observe(scenario)
    assert outcome.run["status"] == "failed"
    assert outcome.run["error_class"] == "DbtBuildFailed"
    assert outcome.run["gated_from"] is None
    assert "failed_gate" in outcome.told
    for one in scenario.expects:
        if one.status not in BLOCKING:
            continue
        assert one.metric in outcome.failed_tests
        named = [line for line in outcome.error.splitlines() if f" {one.metric}" in line]
        assert any(
            line.strip().startswith(f"{one.game_date} ") and seed()[one.metric]["remedy"] in line
            for line in named
        )
        [row] = outcome.rows(one.metric, one.game_date, one.subject)
        value = "nothing was measured" if row["value"] is None else f"{row['value']:g}"
        assert any(f": {value}" in line for line in named)


@pytest.mark.parametrize("scenario", BLOCKED, ids=lambda one: one.name)
def test_behind_a_gate_that_fails_nothing_is_built_or_published(
    observe: Observe, scenario: Scenario
) -> None:
    outcome = observe(scenario)
    behind = {
        node["name"]: node["status"]
        for node in outcome.nodes
        if node["resource_type"] == "model" and node["layer"] in later_layers(scenario.layer)
    }
    if scenario.layer == "features":
        behind = {"upcoming_slate": "".join(outcome.status("upcoming_slate"))}
        assert {node["layer"] for node in outcome.nodes}.isdisjoint({"predictions", "reports"})
    if scenario.layer == "predictions":
        assert {behind[name] for name in OF_HEALTH} == {"success"}
    free = BEFORE_THE_GATES | OF_HEALTH
    behind = {name: status for name, status in behind.items() if name not in free}
    assert behind
    assert set(behind.values()) == {"skipped"}
    assert outcome.is_published_as_before


def test_a_warning_stops_nothing(observe: Observe) -> None:
    outcome = observe(PREDICTIONS_WAITING)
    assert (outcome.run["status"], outcome.error) == ("completed", None)
    assert outcome.status("todays_slate") == {"success"}
    assert not outcome.is_published_as_before


def test_the_page_tells_every_gate_with_its_fault() -> None:
    page = (PROJECT_ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    table = page.partition("## Every metric")[2].partition("\n## ")[0]
    told = [line for line in table.splitlines() if line.startswith("| `")]
    assert told == documented.rows()


def test_the_page_names_tests_that_there_are() -> None:
    page = (PROJECT_ROOT / "docs" / "gates.md").read_text(encoding="utf-8")
    for path, name in documented.tests_named(page):
        text = (PROJECT_ROOT / Path(path)).read_text(encoding="utf-8")
        assert f"def {name}(" in text, f"{path} has no {name}"
