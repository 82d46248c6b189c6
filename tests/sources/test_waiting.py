"""The wait itself, by a clock that sleeping moves; the loads and the ledger are replaced."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from flows import runs, sources
from flows.completeness import SourceState
from flows.errors import SourceMissing
from flows.trigger import SCHEDULE, Trigger
from loaders.errors import MissingKey
from loaders.pipeline import LoadOutcome
from loaders.settings import Settings

DAY = date(2026, 1, 15)
START = datetime(2026, 1, 15, 11, tzinfo=UTC)
NEEDS = (
    SourceState("schedule", "balldontlie", "games", True, remedy="Look there."),
    SourceState("box_scores", "balldontlie", "player_stats", True, 10, 0, 0.8, remedy="Wait."),
    SourceState("rosters", "balldontlie", "active_players", True),
    SourceState("injuries", "balldontlie", "player_injuries", False),
    SourceState("prop_lines", "odds_api", "player_props", False, 5, 0),
)


class World:
    """Sources that come at a minute after the start, and a clock that sleeping moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        self.settings = settings
        self.now = START
        self.slept: list[float] = []
        self.asked: list[list[str]] = []
        self.ledger: list[runs.Run] = []
        self.comes: dict[str, list[tuple[int, int]]] = {
            one.need: [(0, one.expected)] for one in NEEDS
        }
        self.refused: set[str] = set()
        self.is_held = False
        self.is_held_asleep = False
        monkeypatch.setattr(sources, "states", self.states)
        monkeypatch.setattr(sources._Wait, "_prepare", lambda *_: self.states())
        monkeypatch.setattr(runs, "_write", lambda _, rows, *__: self.ledger.extend(rows))

    def clock(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.is_held_asleep |= self.is_held
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def states(self, *_: Any, **__: Any) -> tuple[SourceState, ...]:
        minute = (self.now - START) / timedelta(minutes=1)
        return tuple(
            replace(
                one,
                present=max([n for at, n in self.comes[one.need] if at <= minute], default=0),
            )
            for one in NEEDS
        )

    def load(self, _: Settings, awaited: Sequence[SourceState], **__: Any) -> Collection[str]:
        assert self.is_held
        self.asked.append([one.need for one in awaited])
        return self.refused & set(self.asked[-1])

    def writing(self, *_: Any) -> Any:
        world = self

        class Held:
            def __enter__(self) -> None:
                world.is_held = True

            def __exit__(self, *_: object) -> None:
                world.is_held = False

        return Held()

    def wait(self, **changes: Any) -> sources.Waited:
        given = {"game_date": DAY, "mode": "overnight", "clock": self.clock, **changes}
        return sources.wait_for_sources(
            self.settings, sleep=self.sleep, load=self.load, writing=self.writing, **given
        )

    @property
    def minutes(self) -> float:
        return sum(self.slept) / 60


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> World:
    return World(monkeypatch, settings)


def test_what_is_all_there_is_asked_once_and_goes_on(world: World) -> None:
    waited = world.wait()
    assert world.asked == [[one.need for one in NEEDS]]
    assert (waited.missing, waited.attempts, waited.without, world.slept) == ((), 1, (), [])


def test_only_what_is_missing_is_asked_again(world: World) -> None:
    world.comes["injuries"] = [(12, 1)]
    world.comes["box_scores"] = [(0, 5), (7, 10)]
    waited = world.wait()
    assert world.asked[1:] == [["box_scores", "injuries"]] * 2 + [["injuries"]]
    assert (world.slept, waited.missing) == ([300.0] * 3, ())


@pytest.mark.parametrize(
    ("late", "minutes"),
    [
        ([], 0),
        (["injuries"], 60),
        (["injuries", "prop_lines"], 120),
    ],
)
def test_it_goes_on_at_the_tier_without_what_is_optional(
    world: World, late: list[str], minutes: int
) -> None:
    for need in late:
        world.comes[need] = []
    waited = world.wait()
    assert world.minutes == minutes
    assert [one.need for one in waited.missing] == late
    assert waited.waited == timedelta(minutes=minutes)
    assert len(waited.without) == len(late)


def test_at_the_deadline_part_of_a_required_source_will_do(world: World) -> None:
    world.comes = {need: [] for need in world.comes}
    world.comes |= {"schedule": [(0, 1)], "rosters": [(0, 1)], "box_scores": [(0, 9)]}
    waited = world.wait()
    assert world.minutes == 240
    assert waited.without[0] == "went on without all of box_scores (9 of 10 from balldontlie)"


def test_a_missing_required_source_ends_the_run_loudly(world: World) -> None:
    world.comes["box_scores"] = [(0, 7)]
    trigger = Trigger(SCHEDULE, "morning/daily")
    with pytest.raises(SourceMissing, match=r"240 min.*box_scores \(7 of 10.*Wait\."):
        world.wait(trigger=trigger)
    failed = world.ledger[-1]
    assert (failed.command, failed.status, failed.error_class) == (
        "daily",
        "failed",
        "SourceMissing",
    )
    assert (failed.mode, failed.deployment, failed.game_date_to) == (
        "overnight",
        "morning/daily",
        DAY,
    )


def test_a_required_source_that_refuses_is_not_waited_for(world: World) -> None:
    world.comes["rosters"] = []
    world.refused = {"rosters"}
    with pytest.raises(SourceMissing, match="rosters"):
        world.wait()
    assert world.slept == []


def test_an_optional_source_that_refuses_is_gone_without_at_once(world: World) -> None:
    world.comes["prop_lines"] = []
    world.refused = {"prop_lines"}
    waited = world.wait()
    assert ([one.need for one in waited.missing], world.slept) == (["prop_lines"], [])


def test_a_straggler_of_a_night_is_left_after_ten_minutes(world: World) -> None:
    world.comes["box_scores"] = [(0, 7), (16, 9)]
    waited = world.wait()
    # 4.9 of 5 is more than 95 %, and the ninth came at the attempt of minute 20
    assert (world.minutes, [one.need for one in waited.missing]) == (30, ["box_scores"])


def test_every_attempt_is_a_run_and_none_sleeps_on_the_warehouse(world: World) -> None:
    world.comes["injuries"] = [(9, 1)]
    world.wait(trigger=Trigger(SCHEDULE, "morning/daily"))
    ended = [run for run in world.ledger if run.finished_at is not None]
    assert [(run.command, run.status, run.mode) for run in ended] == [
        ("load", "completed", "overnight")
    ] * 3
    assert "injuries" in ended[1].reason
    assert "every source" in ended[0].reason
    assert {run.deployment for run in ended} == {"morning/daily"}
    assert not world.is_held_asleep


def test_the_wait_counts_from_the_slot_of_the_schedule(world: World) -> None:
    world.comes["injuries"] = []
    waited = world.wait(since=START - timedelta(minutes=58))
    # no longer than to the next tier
    assert (world.slept, waited.waited) == ([120.0], timedelta(minutes=60))


def test_without_a_key_nothing_is_waited_for(world: World, settings: Settings) -> None:
    world.settings = settings.model_copy(update={"odds_api_key": None})
    with pytest.raises(MissingKey, match="ODDS_API_KEY"):
        world.wait()
    assert world.ledger == []


def test_each_resource_is_loaded_by_itself(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    from loaders import balldontlie, odds_api
    from loaders.errors import AccessDenied, TransientError

    calls: list[Any] = []

    def games(_: Settings, **named: Any) -> list[LoadOutcome]:
        calls.append((tuple(named["resources"]), named["start"], named["end"]))
        if "active_players" in named["resources"]:
            raise TransientError("down")
        if "player_injuries" in named["resources"]:
            raise AccessDenied("tier")
        return []

    def prices(_: Settings, **named: Any) -> None:
        calls.append(named["game_date"])

    monkeypatch.setattr(balldontlie, "load", games)
    monkeypatch.setattr(odds_api, "load", prices)
    lines = replace(NEEDS[4], need="game_lines", resource="game_lines")
    refused = sources.ask(settings, [*NEEDS, lines], game_date=DAY, clock=lambda: START)
    around = (DAY - timedelta(days=3), DAY + timedelta(days=1))
    assert calls == [
        (("teams", "games"), *around),
        (("player_stats",), *around),
        (("active_players",), *around),
        (("player_injuries",), *around),
        DAY,
    ]
    assert refused == {"injuries"}


def test_what_nobody_expects_is_raised(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    from loaders import balldontlie
    from loaders.errors import WarehouseBusy

    def busy(*_: Any, **__: Any) -> None:
        raise WarehouseBusy("held")

    monkeypatch.setattr(balldontlie, "load", busy)
    with pytest.raises(WarehouseBusy):
        sources.ask(settings, NEEDS[:1], game_date=DAY, clock=lambda: START)
