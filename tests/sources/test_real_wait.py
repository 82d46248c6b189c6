"""A wait and a run behind it against the sandbox, whose sources are late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from flows import runs, sources, warehouse
from flows.errors import SourceMissing
from flows.world import reach_sandbox
from loaders.sandbox import Fault, Sandbox
from loaders.settings import Settings

# 06:00 Eastern
MORNING = datetime(2026, 1, 16, 11, tzinfo=UTC)
DAY = date(2026, 1, 16)
INJURIES = "/nba/v1/player_injuries"
ROSTERS = "/nba/v1/players/active"


@pytest.fixture
def impatient(tmp_path: Path) -> Settings:
    """Loads that do not try a request twice."""
    return Settings(home=tmp_path, http_max_attempts=1, http_backoff_seconds=0.01)


def attempts(settings: Settings) -> list[tuple]:
    found = warehouse.query(
        settings,
        """
        select runs.reason, loads.resource, loads.status
        from raw_runs.loads as loads inner join raw_runs.runs as runs on loads.run_id = runs.run_id
        order by loads.started_at, loads.load_key
        """,
    )
    return [(row["resource"], row["status"]) for row in found.to_pylist()]


def test_what_is_late_is_asked_alone_until_it_comes_and_then_until_the_deadline(
    impatient: Settings,
) -> None:
    """First injuries come at the third attempt; then rosters never do."""
    with Sandbox(now=MORNING) as sandbox:
        settings = reach_sandbox(impatient, sandbox)
        sandbox.faults.add(Fault("http_503", INJURIES, times=2))

        def passes(time: timedelta) -> None:
            sandbox.clock.move_to(sandbox.clock() + time)

        waited = sources.wait_for_sources(
            settings,
            game_date=DAY,
            clock=sandbox.clock,
            sleep=lambda seconds: passes(timedelta(seconds=seconds)),
        )
        assert (waited.attempts, waited.missing) == (3, ())
        assert timedelta(minutes=10) <= waited.waited < timedelta(minutes=20)
        failed = [one for one in attempts(settings) if one[1] == "failed"]
        assert failed == [("player_injuries", "failed")] * 2
        # the others were asked once, and a load that fails keeps back none of them
        asked = [resource for resource, _ in attempts(settings)]
        assert [asked.count(name) for name in ("games", "player_stats", "active_players")] == [
            1
        ] * 3
        boxes = {one.need: one for one in waited.states}["box_scores"]
        assert boxes.present == boxes.expected > 0

        passes(timedelta(days=1))
        sandbox.faults.add(Fault("http_503", ROSTERS, times=None))
        # what was answered yesterday is too old
        with pytest.raises(SourceMissing, match=r"rosters \(0 of 1 from balldontlie\)"):
            sources.wait_for_sources(
                settings,
                game_date=DAY + timedelta(days=1),
                clock=sandbox.clock,
                sleep=lambda _: passes(timedelta(hours=5)),
            )
    last = warehouse.query(
        settings, "select * from raw_runs.runs order by started_at desc, run_id desc limit 1"
    ).to_pylist()[0]
    assert (last["command"], last["status"]) == ("daily", runs.FAILED)
    assert last["mode"] == "overnight"
