"""Which slate a mode is about, what it loads, and what it hands to the run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows import modes, sources
from flows.audit.artifacts import degraded_reason
from flows.audit.tables import GATE_RESULTS
from flows.clock import Plan, plan
from flows.completeness import SourceState
from flows.daily import DAILY, SAME_DAY
from flows.errors import ArgumentError, SourceMissing
from flows.trigger import SCHEDULE, Trigger
from loaders.settings import Settings

# 00:30 Eastern on the 15th
AFTER_MIDNIGHT = datetime(2026, 1, 15, 5, 30, tzinfo=UTC)
INJURIES = SourceState("injuries", "balldontlie", "player_injuries", False)


@pytest.mark.parametrize(
    ("mode", "now", "day", "loads_results"),
    [
        ("overnight", AFTER_MIDNIGHT, date(2026, 1, 15), True),
        ("overnight", AFTER_MIDNIGHT - timedelta(minutes=31), date(2026, 1, 14), True),
        ("same_day", AFTER_MIDNIGHT, date(2026, 1, 15), False),
        ("tomorrow", AFTER_MIDNIGHT, date(2026, 1, 16), True),
        ("tomorrow", AFTER_MIDNIGHT - timedelta(minutes=31), date(2026, 1, 15), True),
        # the last evening of a year, and the nights in which clocks change
        ("tomorrow", datetime(2026, 1, 1, 4, 59, tzinfo=UTC), date(2026, 1, 1), True),
        ("tomorrow", datetime(2026, 3, 8, 4, 59, tzinfo=UTC), date(2026, 3, 8), True),
        ("overnight", datetime(2026, 3, 8, 5, 0, tzinfo=UTC), date(2026, 3, 8), True),
        ("overnight", datetime(2026, 11, 1, 4, 0, tzinfo=UTC), date(2026, 11, 1), True),
    ],
)
def test_a_mode_says_the_day_and_what_is_loaded(
    mode: str, now: datetime, day: date, loads_results: bool
) -> None:
    assert plan(mode, now) == Plan(mode, day, loads_results)


def test_an_unknown_mode_is_named_with_those_there_are() -> None:
    with pytest.raises(ArgumentError, match="'noon' is none of overnight, same_day, tomorrow"):
        plan("noon", AFTER_MIDNIGHT)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the run, and the wait before it, were asked for."""
    seen: dict[str, Any] = {}

    def run(_: Settings, **how: Any) -> str:
        seen["run"] = how
        return "result"

    def wait(_: Settings, *, game_date: date, **how: Any) -> sources.Waited:
        seen["wait"] = {"game_date": game_date, **how}
        return sources.Waited(game_date, (INJURIES,), (INJURIES,), 2, timedelta(hours=1))

    monkeypatch.setattr(modes, "run_daily", run)
    monkeypatch.setattr(modes, "wait_for_sources", wait)
    return seen


def test_a_mode_loads_by_itself_where_it_does_not_wait(
    settings: Settings, asked: dict[str, Any]
) -> None:
    for mode, work in (("overnight", DAILY), ("same_day", SAME_DAY), ("tomorrow", DAILY)):
        done = modes.run_in_mode(settings, mode=mode, clock=lambda: AFTER_MIDNIGHT, loads=True)
        assert done == "result"
        assert (asked["run"]["work"], asked["run"]["mode"]) == (work, mode)
        assert asked["run"]["loads"] is True
    assert asked["run"]["game_date"] == date(2026, 1, 16)
    assert "wait" not in asked


def test_behind_a_wait_the_run_loads_nothing_and_says_what_it_goes_without(
    settings: Settings, asked: dict[str, Any]
) -> None:
    trigger = Trigger(SCHEDULE, "morning/daily")
    # started late: the day is that of the slot
    slot = AFTER_MIDNIGHT - timedelta(hours=1)
    modes.run_in_mode(
        settings,
        mode="overnight",
        waits=True,
        since=slot,
        clock=lambda: AFTER_MIDNIGHT,
        trigger=trigger,
        loads=True,
    )
    waited, run = asked["wait"], asked["run"]
    assert (waited["game_date"], waited["since"], waited["mode"]) == (
        date(2026, 1, 14),
        slot,
        "overnight",
    )
    assert waited["trigger"] == run["trigger"] == trigger
    assert (run["game_date"], run["loads"]) == (date(2026, 1, 14), False)
    assert run["without"] == ("went on without all of injuries (0 of 1 from balldontlie)",)


def test_a_wait_that_fails_starts_no_run(
    settings: Settings, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise SourceMissing("rosters")

    monkeypatch.setattr(modes, "wait_for_sources", fails)
    with pytest.raises(SourceMissing):
        modes.run_in_mode(settings, mode="overnight", waits=True, clock=lambda: AFTER_MIDNIGHT)
    assert "run" not in asked


def test_what_a_run_goes_without_degrades_it() -> None:
    no_gates = GATE_RESULTS.arrow_schema().empty_table()
    assert degraded_reason([], no_gates) is None
    assert degraded_reason([], no_gates, ["went on without all of a"]) == "went on without all of a"
