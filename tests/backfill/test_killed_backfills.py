"""Backfills that are killed, or race one another, leave what one clean run leaves."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from history import FIRST, LAST
from proof import DAYS, child, differing, empty, ended, here, killed, ledger, put_aside

from flows import warehouse
from loaders.settings import Settings

DATES = (LAST - FIRST).days + 1
# Lines that a backfill in batches says: until it has loaded, and until it has built.
LINES_OF_LOADS, LINES_OF_BUILD = 18, 26
# Relations that a build makes, and more.
BUILT = 40


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Ten dates, loaded at once."""
    home = tmp_path_factory.mktemp("loaded")
    here(home, days=DATES)
    return Settings(home=home)


@pytest.mark.parametrize("turn", range(2))
def test_a_killed_backfill_goes_on_where_it_was(
    loaded: Settings, tmp_path: Path, turn: int
) -> None:
    where = killed(child(tmp_path), random.randrange(LINES_OF_LOADS))
    settings = Settings(home=tmp_path)
    is_entered = warehouse.relation_exists(settings, "raw_runs.backfill_dates")
    before = ledger(settings) if is_entered else []
    done = {one["game_date"] for one in before if one["status"] == "complete"}
    taken = {one["game_date"] for one in before if one["status"] == "running"}
    assert len(taken) <= DAYS, where

    result = here(tmp_path)

    assert result.counts == {"complete": DATES}, where
    assert result.skipped == (0 if len(done) == DATES else len(done)), where
    assert differing(loaded, settings)[1] == {}, where
    now = [one for one in ledger(settings) if one["backfill_id"] == result.backfill_id]
    # at most the batch that was going on is done again
    assert {one["game_date"] for one in now if one["attempts"] == 2} <= taken, where
    runs = warehouse.query(settings, "select status from raw_runs.runs")["status"].to_pylist()
    assert "running" not in runs, where


def test_two_backfills_at_once_load_every_date_once(loaded: Settings, tmp_path: Path) -> None:
    both = [child(tmp_path) for _ in range(2)]
    said = [ended(one) for one in both]
    assert [one["counts"] for one in said] == [{"complete": DATES}] * 2
    # nothing of it forecasts, publishes or emits
    assert not any(one["imported_prefect"] for one in said)
    settings = Settings(home=tmp_path)
    assert not settings.published_path.exists()
    assert not warehouse.relation_exists(settings, "raw_forecasts.forecasts")
    assert differing(loaded, settings)[1] == {}
    dates = ledger(settings)
    # one of the two may have begun when the other one had ended
    assert {one["attempts"] for one in dates} == {1}
    assert {one["status"] for one in dates} == {"complete"}


@pytest.fixture(scope="session")
def built(kept: Callable[[str, Callable[[], Any]], Any], shared: Path) -> tuple[Path, Settings]:
    """A home that dbt has parsed in, and ten dates loaded and built at once in one like it."""

    def make() -> tuple[Path, Settings]:
        home = shared / "backfilled"
        here(home, mode="both", days=DATES)
        return home, put_aside(home, shared / "backfilled_clean")

    return kept("backfilled", make)


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(20))
def test_two_backfills_at_once_both_killed_leave_the_rows_of_one(
    built: tuple[Path, Settings], turn: int
) -> None:
    home, clean = built
    empty(home)
    both = [child(home, mode="both") for _ in range(2)]
    where = "\n".join(killed(one, random.randrange(LINES_OF_BUILD)) for one in both)
    print(f"turn {turn}: killed after {where.splitlines()[-1:]}")
    result = here(home, mode="both")
    assert result.counts == {"complete": DATES}, where
    settings = Settings(home=home)
    compared, unlike = differing(clean, settings)
    assert unlike == {}, where
    assert compared > BUILT
    assert not settings.published_path.exists()
    made = warehouse.query(settings, "select count(*) as n from raw_forecasts.forecasts")
    assert made["n"].to_pylist() == [0]
