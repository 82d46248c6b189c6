"""The simulated league and its clock over HTTP, and what is known of a day's games."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
from home import Home

from flows.errors import ArgumentError
from flows.gamedays import game_day
from flows.world import providers
from loaders.errors import TransientError
from loaders.sandbox import Fault, Sandbox
from loaders.settings import Settings

NOON = datetime(2026, 1, 16, 17, 0, 0, 250_000, tzinfo=UTC)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(now=NOON, ticking=False) as served:
        yield served


def test_the_clock_of_a_served_league_is_followed(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, target="sandbox", sandbox_url=sandbox.url)
    with providers(settings) as (reachable, clock):
        assert reachable.balldontlie_url == reachable.odds_api_url == sandbox.url
        assert clock() == NOON
        sandbox.clock.move_to(NOON + timedelta(hours=5))
        assert clock() == NOON + timedelta(hours=5)


def test_no_fault_stops_the_clock(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("http_500"))
    assert requests.get(f"{sandbox.url}/clock", timeout=5).status_code == 200
    assert requests.get(f"{sandbox.url}/v4/sports", timeout=5).status_code == 500


def test_the_clock_of_a_served_league_is_not_ours_to_set(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, target="sandbox", sandbox_url=sandbox.url)
    with (
        pytest.raises(ArgumentError, match="has its own clock"),
        providers(settings, sandbox_now=NOON),
    ):
        pass


def test_a_league_that_nobody_serves_is_named(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, target="sandbox", sandbox_url="http://127.0.0.1:9")
    with (
        providers(settings) as (_, clock),
        pytest.raises(TransientError, match=r"no sandbox answers at http://127\.0\.0\.1:9"),
    ):
        clock()


def test_the_real_league_ignores_it(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, sandbox_url="http://127.0.0.1:9")
    with providers(settings) as (reachable, clock):
        assert reachable is settings
        assert clock() > datetime(2026, 1, 1, tzinfo=UTC)


# 19:00 and 22:30 Eastern of the 16th; the second is the 17th in UTC
TIPS = (datetime(2026, 1, 17, tzinfo=UTC), datetime(2026, 1, 17, 3, 30, tzinfo=UTC))
LOADED = datetime(2026, 1, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "games", "known"),
    [
        (date(2026, 1, 16), 2, True),
        # a load reaches the day after it
        (date(2026, 1, 17), 0, True),
        (date(2026, 1, 18), 0, False),
        (date(2026, 1, 14), 0, True),
    ],
)
def test_no_games_are_known_only_where_loads_reached(
    tmp_path: Path, day: date, games: int, known: bool
) -> None:
    Home(tmp_path).publish(*TIPS, as_of=LOADED)
    found = game_day(Settings(home=tmp_path), day)
    assert (len(found.tipoffs), found.is_known, found.is_off) == (games, known, known and not games)


def test_before_the_first_publish_nothing_is_known(tmp_path: Path) -> None:
    assert not game_day(Settings(home=tmp_path), date(2026, 1, 16)).is_known
