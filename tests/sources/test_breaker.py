"""A provider that fails again and again is left alone, and asked once after a while."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import yaml

from flows import breaker, defaults, polls, runs, sources, warehouse
from flows.breaker import Answer, decide
from flows.clock import LIVE
from flows.completeness import SourceState
from flows.world import reach
from loaders.attempts import LoadReport
from loaders.errors import SourceResting, TransientError
from loaders.sandbox import Fault, Sandbox
from loaders.settings import PROJECT_ROOT, Settings

DAY = date(2026, 1, 14)
NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
DOWN = (0, 5, 10, 20, 30)


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def told(failed: tuple[float, ...], answered: tuple[float, ...] = ()) -> list[Answer]:
    """Answers at minutes past noon."""
    found = [Answer(at(m), f"down at {m}") for m in failed] + [Answer(at(m)) for m in answered]
    return sorted(found, key=lambda one: one.at)


@pytest.mark.parametrize(
    ("failed", "answered", "now", "until"),
    [
        ((), (), 31, None),
        (DOWN[:4], (), 31, None),
        (DOWN, (), 31, 60),
        (DOWN, (), 59.9, 60),
        # the cool-down is over: one probe
        (DOWN, (), 60, None),
        ((*DOWN, 61), (), 62, 91),
        ((*DOWN, 61), (), 91, None),
        # a week later, still down: it takes one failure, not five
        ((*DOWN, 10_000), (), 10_001, 10_030),
        (DOWN, (61,), 62, None),
        ((*DOWN, 63), (61,), 64, None),
        # an answer in between begins the count anew
        ((0, 5, 12, 14, 16, 18), (10,), 19, None),
        ((0, 5, 12, 14, 16, 18, 20), (10,), 21, 50),
        # the fifth came too late after the first
        ((0, 10, 20, 30, 30.1), (), 31, None),
        ((0, 10, 20, 30, 40, 41), (), 42, None),
        ((0, 10, 20, 21, 22, 31), (), 32, 61),
        # what a clock that went back has not seen yet
        (DOWN, (), 29, None),
    ],
)
def test_when_a_source_is_left_alone(
    failed: tuple[float, ...], answered: tuple[float, ...], now: float, until: float | None
) -> None:
    rest = decide(told(failed, answered), at(now))
    assert (rest and rest.until) == (None if until is None else at(until))
    if rest is not None:
        assert rest.error == f"down at {max(failed)}"
        assert rest.since <= at(now) < rest.until


def test_since_when_it_is_left_alone_does_not_move_with_a_probe() -> None:
    assert decide(told((*DOWN, 61)), at(62)).since == at(30)


def test_dbt_counts_by_the_same_numbers() -> None:
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    named = {name: value for name, value in project["vars"].items() if name.startswith("breaker_")}
    assert named == {
        "breaker_failures": defaults.BREAKER_FAILURES,
        "breaker_window_minutes": defaults.BREAKER_WINDOW / timedelta(minutes=1),
        "breaker_cool_down_minutes": defaults.BREAKER_COOL_DOWN / timedelta(minutes=1),
    }


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=NOON, ticking=False) as served:
        yield served


@pytest.fixture
def reaching(settings: Settings, sandbox: Sandbox) -> Iterator[Settings]:
    sandbox.clock.move_to(NOON)
    yield reach(settings, sandbox.url)
    sandbox.faults.clear()


def poll(settings: Settings, sandbox: Sandbox, minute: float) -> polls.Poll:
    sandbox.clock.move_to(at(minute))
    return polls.run_poll(settings, what=polls.INJURIES, game_date=DAY, clock=sandbox.clock)


def failing_polls(settings: Settings, sandbox: Sandbox) -> Fault:
    fault = sandbox.faults.add(Fault("http_503", path="/nba/v1/player_injuries", times=None))
    for minute in DOWN:
        with pytest.raises(TransientError):
            poll(settings, sandbox, minute)
    return fault


def test_after_five_failures_nothing_is_asked_until_the_cool_down_is_over(
    reaching: Settings, sandbox: Sandbox
) -> None:
    fault = failing_polls(reaching, sandbox)
    asked = fault.fired
    for minute in (31, 45):
        with pytest.raises(SourceResting) as caught:
            poll(reaching, sandbox, minute)
    assert fault.fired == asked
    message = str(caught.value)
    assert "balldontlie is left alone since 2026-01-15T12:30:00Z until 2026-01-15T13:00:00Z" in (
        message
    )
    assert "still answers 503" in message
    assert "\n" not in message

    # a probe, which fails: left alone again
    with pytest.raises(TransientError):
        poll(reaching, sandbox, 61)
    probed = fault.fired
    assert probed == asked + reaching.http_max_attempts
    with pytest.raises(SourceResting, match="until 2026-01-15T13:31:00Z"):
        poll(reaching, sandbox, 62)
    assert fault.fired == probed

    # a probe that is answered: as before
    sandbox.faults.clear()
    assert poll(reaching, sandbox, 92).has_changed
    assert not poll(reaching, sandbox, 93).has_changed

    ended = warehouse.query(
        reaching, "select error_class, count(*) as n from raw_runs.loads group by 1 order by 1"
    ).to_pylist()
    assert {row["error_class"]: row["n"] for row in ended} == {
        "SourceResting": 3,
        "TransientError": 6,
        None: 2,
    }


def test_the_other_source_is_asked_all_the_same(reaching: Settings, sandbox: Sandbox) -> None:
    failing_polls(reaching, sandbox)
    sandbox.clock.move_to(at(31))
    found = polls.run_poll(reaching, what=polls.LINES, game_date=DAY, clock=sandbox.clock)
    assert {one.source for one in found.loads} == {"odds_api"}


def test_what_a_run_has_heard_counts_before_it_is_entered(
    reaching: Settings, sandbox: Sandbox
) -> None:
    """A wait asks for each resource by itself: the fifth failure spares the others."""
    fault = sandbox.faults.add(Fault("http_503", path="/nba/v1/*", times=None))
    resources = ("games", "player_stats", "active_players", "player_injuries")
    needs = ("schedule", "box_scores", "rosters", "injuries")
    awaited = [
        SourceState(need, "balldontlie", name, True)
        for need, name in zip(needs, resources, strict=True)
    ]
    heard: list[LoadReport] = []
    what: dict[str, Any] = {"game_date": DAY, "clock": sandbox.clock}
    with runs.recorded(
        reaching,
        sandbox.clock,
        command="load",
        run_mode=LIVE,
        as_of=None,
        game_dates=(DAY, DAY),
    ) as ledger:

        def told(report: LoadReport) -> None:
            heard.append(report)
            ledger.audit.heard(report)

        # neither is refused: both may be asked again
        assert sources.ask(reaching, awaited, heard=told, **what) == set()
        assert sources.ask(reaching, awaited, heard=told, **what) == set()
    classes = [one.error_class for report in heard for one in report.outcomes]
    assert classes == ["TransientError"] * 5 + ["SourceResting"] * 3
    assert fault.fired == 5 * reaching.http_max_attempts


def test_a_refused_key_is_no_reason_to_leave_a_source_alone(
    reaching: Settings, sandbox: Sandbox
) -> None:
    wrong = reaching.model_copy(update={"balldontlie_api_key": reaching.odds_api_key})
    for minute in range(6):
        with pytest.raises(Exception, match="the key in BALLDONTLIE_API_KEY is wrong"):
            poll(wrong, sandbox, minute)
    assert breaker.answers(reaching, "balldontlie") == []
    assert poll(reaching, sandbox, 7).has_changed
