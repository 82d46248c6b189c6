"""Backfills that are killed, or race one another, leave what one clean run leaves."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from history import FIRST, LAST
from proof import DAYS, child, differing, empty, ended, here, killed, ledger, put_aside

from flows import warehouse
from loaders.settings import Settings

DATES = (LAST - FIRST).days + 1
# Tables that loads alone make, and those of a build.
LOADED, BUILT = 4, 60


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Ten dates, loaded at once."""
    home = tmp_path_factory.mktemp("loaded")
    here(home, days=DATES)
    return Settings(home=home)


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long five batches take a process of its own."""
    started = time.monotonic()
    ended(child(tmp_path_factory.mktemp("timed")))
    return time.monotonic() - started


@pytest.fixture(scope="session")
def built(
    kept: Callable[[str, Callable[[], Any]], Any], shared: Path
) -> tuple[Path, Settings, float]:
    """A home that dbt has parsed in, ten dates built at once in one like it, and the seconds."""

    def make() -> tuple[Path, Settings, float]:
        home = shared / "backfilled"
        here(home, mode="both", days=DATES)
        clean = put_aside(home, shared / "backfilled_clean")
        started = time.monotonic()
        ended(child(home, mode="both"))
        took = time.monotonic() - started
        assert differing(clean, Settings(home=home))[1] == {}
        return home, clean, took

    return kept("backfilled", make)


@pytest.mark.parametrize("turn", range(2))
def test_a_killed_backfill_goes_on_where_it_was(
    loaded: Settings, seconds: float, tmp_path: Path, turn: int
) -> None:
    moment = random.uniform(0.1, 0.95) * seconds
    process = child(tmp_path)
    said = killed(process, moment)
    where = f"killed {moment:.1f} s into {seconds:.1f} s\n{said}"
    settings = Settings(home=tmp_path)
    before = ledger(settings) if warehouse.relation_exists(settings, "raw_runs.runs") else []
    done = {one["game_date"] for one in before if one["status"] == "complete"}
    taken = {one["game_date"] for one in before if one["status"] == "running"}
    assert len(taken) <= DAYS, where

    result = here(tmp_path)

    is_whole = len(done) == DATES
    assert result.counts == {"complete": DATES}, where
    assert result.skipped == (0 if is_whole else len(done)), where
    assert differing(loaded, settings)[1] == {}, where
    again = [one for one in ledger(settings) if one["backfill_id"] == result.backfill_id]
    tried_twice = {one["game_date"] for one in again if one["attempts"] == 2}
    # at most the batch that was going on is done again
    assert tried_twice == taken, where
    runs = warehouse.query(settings, "select status from raw_runs.runs")["status"].to_pylist()
    assert "running" not in runs, where


def test_two_backfills_at_once_leave_the_rows_of_one(
    built: tuple[Path, Settings, float],
) -> None:
    home, clean, _ = built
    empty(home)
    both = [child(home, mode="both") for _ in range(2)]
    said = [ended(one) for one in both]
    assert [one["counts"] for one in said] == [{"complete": DATES}] * 2
    # nothing of it forecasts, publishes or emits
    assert not any(one["imported_prefect"] for one in said)
    settings = Settings(home=home)
    assert not settings.published_path.exists()
    compared, unlike = differing(clean, settings)
    assert unlike == {}
    assert compared > BUILT
    dates = ledger(settings)
    assert len({one["backfill_id"] for one in dates}) == 1
    assert {one["attempts"] for one in dates} == {1}
    made = warehouse.query(settings, "select count(*) as n from raw_forecasts.forecasts")
    assert made["n"].to_pylist() == [0]


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(20))
def test_twenty_kills_among_two_backfills_leave_the_rows_of_one(
    built: tuple[Path, Settings, float], turn: int
) -> None:
    home, clean, seconds = built
    empty(home)
    victim, other = (child(home, mode="both") for _ in range(2))
    moment = random.random() * seconds
    said = killed(victim, moment)
    where = f"killed {moment:.1f} s into {seconds:.1f} s\n{said}"
    print(f"turn {turn}: {where.splitlines()[0]}")
    ended(other)
    result = here(home, mode="both")
    assert result.counts == {"complete": DATES}, where
    assert differing(clean, Settings(home=home))[1] == {}, where
