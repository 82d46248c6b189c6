"""The two ways past a gate: a waiver for one metric on one date, and gates that only warn."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from lab import EVENING, Lab, Outcome
from nights import DRAW, NEGATIVE, waived_night, warned_night
from scenario import DAY_12, DAY_13, SLATE

from flows import cli, daily, prefect_flows
from flows.errors import ArgumentError
from flows.waivers import waive


@pytest.fixture
def night(lab: Lab, kept: Callable) -> dict[str, Outcome]:
    return kept("waivers", lambda: waived_night(lab))


def statuses(outcome: Outcome) -> dict[date, str]:
    return {
        row["game_date"]: row["status"]
        for row in outcome.gates
        if row["metric"] == DRAW and row["status"] != "pass"
    }


def test_a_waiver_lets_one_metric_pass_on_one_date(night: dict[str, Outcome]) -> None:
    assert statuses(night["blocked"]) == {DAY_12: "error", DAY_13: "error"}
    blocked = night["one waived"]
    assert statuses(blocked) == {DAY_12: "error", DAY_13: "waived"}
    assert blocked.run["status"] == "failed"
    assert blocked.is_published_as_before
    assert f"{DAY_12} {DRAW}" in blocked.error
    assert f"{DAY_13} {DRAW}" not in blocked.error


def test_a_run_with_waivers_completes_publishes_and_says_so(night: dict[str, Outcome]) -> None:
    passed = night["both waived"]
    assert (passed.run["status"], passed.error) == ("completed", None)
    assert passed.status(DRAW) == {"warn"}
    assert not passed.is_published_as_before
    assert passed.run["is_degraded"]
    assert passed.run["degraded_reason"] == f"{DRAW} is waived"
    told = {(row["waived_by"], row["waiver_reason"]) for row in passed.gates if row["waived_by"]}
    assert told == {("ann", "abandoned, and replayed in March")}


def test_a_waiver_that_has_run_out_blocks_again(night: dict[str, Outcome]) -> None:
    later = night["a day later"]
    assert statuses(later) == {DAY_13: "error"}
    assert later.run["status"] == "failed"
    assert later.is_published_as_before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"metric": "no_such_metric"}, "no gate measures 'no_such_metric'"),
        ({"waived_by": " "}, "needs a name"),
        ({"reason": ""}, "a reason"),
        ({"hours": 0}, "not within 1 to 168"),
        ({"hours": 169}, "not within 1 to 168"),
    ],
)
def test_what_no_waiver_can_mean_is_refused(lab: Lab, wrong: dict[str, Any], said: str) -> None:
    lab.reset()
    asked = {"metric": DRAW, "game_date": DAY_12, "waived_by": "ann", "reason": "known"} | wrong
    with pytest.raises(ArgumentError, match=said):
        waive(lab.settings, clock=lambda: EVENING, **asked)
    assert lab.rows("select * from raw_runs.waivers") == []


def test_gates_that_only_warn_are_seen_and_passed(lab: Lab, kept: Callable) -> None:
    runs = kept("warned", lambda: warned_night(lab))
    warned, blocked = runs["warned"], runs["as ever"]
    for outcome in (warned, blocked):
        [row] = outcome.rows(NEGATIVE, SLATE, None)
        assert (row["status"], row["value"]) == ("error", 1)
    assert (warned.run["status"], warned.error) == ("completed", None)
    assert warned.status(NEGATIVE) == {"warn"}
    assert not warned.is_published_as_before
    assert "gates only warn" in warned.run["reason"]
    assert warned.run["is_degraded"]
    # a mean below zero has no distribution either
    broken = (NEGATIVE, "probabilities_are_probabilities", "quantiles_are_in_order")
    reasons = [f"{name} failed and only warned" for name in broken]
    assert warned.run["degraded_reason"] == "; ".join(reasons)
    # it vouches for no date, so the next run judges them all
    assert warned.run["gated_from"] is None
    assert blocked.run["status"] == "failed"
    assert blocked.is_published_as_before


def command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["nba-props", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


@pytest.mark.parametrize("how", ["daily", "prefect", "backfill"])
def test_the_commands_hand_it_on_and_say_it_aloud(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, tmp_path: Any, how: str
) -> None:
    asked: list[Any] = []

    class Enough(ArgumentError):
        pass

    def stop(*arguments: Any, severity: str | None = None, **_: Any) -> None:
        asked.append(severity or arguments[-1])
        raise Enough("enough")

    monkeypatch.setenv("NBA_PROPS_HOME", str(tmp_path))
    monkeypatch.setattr(daily, "run_daily", stop)
    monkeypatch.setattr("flows.backfill.run_backfill", stop)
    monkeypatch.setattr(prefect_flows, "daily", stop)
    arguments = {
        "daily": ("daily",),
        "prefect": ("daily", "--prefect"),
        "backfill": ("backfill", "--from", "2026-01-01", "--to", "2026-01-02", "--reason", "r"),
    }[how]
    assert command(monkeypatch, *arguments, "--gates", "warn") == 1
    assert "gates only warn" in capsys.readouterr().err
    assert command(monkeypatch, *arguments) == 1
    assert "gates only warn" not in capsys.readouterr().err
    assert asked == ["warn", "error"]


def test_gates_can_be_told_two_things_only(lab: Lab) -> None:
    lab.reset()
    with pytest.raises(ArgumentError, match="--gates 'off' is none of error, warn"):
        lab.run(severity="off")
