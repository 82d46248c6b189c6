"""Each thing that is looked at before the first request stops a backfill that lacks it."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any

import duckdb
import pytest
from rich.console import Console

from flows import backfill_ledger as ledger
from flows import preflight, render_backfill
from flows.backfill import run_backfill
from flows.backfill_ledger import Request
from flows.errors import PreflightFailed
from loaders.settings import Settings

NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
FIRST, LAST = date(2026, 1, 1), date(2026, 1, 10)
DAYS = [FIRST + timedelta(days=n) for n in range(10)]
GAMES = dict.fromkeys(DAYS, 5)
# Of five games: one for the list of events, ten for each price: four markets a game, three of all.
COST_OF_A_DAY = 1 + 10 * (4 * 5 + 3)


@pytest.fixture
def look(settings: Settings) -> Callable[..., dict[str, preflight.Check]]:
    """The checks by name, of a backfill of prices unless told."""

    def run(**changes: Any) -> dict[str, preflight.Check]:
        settings_of = settings.model_copy(update=changes.pop("settings", {}))
        request = Request(
            changes.pop("mode", ledger.BOTH), changes.pop("source", "odds_api"), FIRST, LAST
        )
        asked = {"days": DAYS, "games": GAMES, "path": None, "now": NOW, **changes}
        found = preflight.checks(
            settings_of, request, asked.pop("days"), asked.pop("games"), **asked
        )
        return {one.name: one for one in found}

    return run


@pytest.fixture
def quota(settings: Settings) -> Callable[[int, datetime], None]:
    """What the provider said in a run."""

    def say(remaining: int, at: datetime) -> None:
        settings.warehouse_path.parent.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            connection.execute(
                f"""
                create schema if not exists raw_runs;
                create table if not exists raw_runs.runs (run_id text, started_at timestamptz);
                create table if not exists raw_runs.api_quota
                    (run_id text, source text, remaining bigint);
                insert into raw_runs.runs values ('{at}', timestamptz '{at.isoformat()}');
                insert into raw_runs.api_quota values ('{at}', 'odds_api', {remaining});
                """
            )

    return say


def test_what_is_there_passes(look: Callable) -> None:
    found = look()
    assert list(found) == ["dates", "versions", "disk", "key", "schedule", "quota"]
    assert {one.is_ok for one in found.values()} == {True, None}
    assert found["quota"].is_ok is None
    assert found["quota"].said.startswith(f"{10 * COST_OF_A_DAY:,} credits at most")
    preflight.require(found.values())
    assert "50 games on 10 dates" in found["schedule"].said


@pytest.mark.parametrize(
    ("source", "name"), [("odds_api", "ODDS_API_KEY"), ("balldontlie", "BALLDONTLIE_API_KEY")]
)
def test_a_key_that_is_not_set(look: Callable, source: str, name: str) -> None:
    unset = {"odds_api_key": None, "balldontlie_api_key": None}
    found = look(source=source, settings=unset)["key"]
    assert (found.is_ok, found.said) == (False, f"{name} is not set: set it")


def test_terms_that_nobody_accepted(look: Callable) -> None:
    found = look(source="nba_com")["terms"]
    assert found.is_ok is False
    assert found.said == "NBA_ACCEPT_NBACOM_TERMS is not set: see loaders/nba_com/README.md"
    assert look(source="nba_com", settings={"nba_com_terms_accepted": True})["terms"].is_ok


def test_files_of_prices_need_no_key_but_a_schedule(look: Callable, tmp_path: Path) -> None:
    unset = {"odds_api_key": None, "balldontlie_api_key": None}
    file = tmp_path / "history.csv"
    found = look(source="bettingpros", path=file, games={}, settings=unset)
    assert list(found) == ["dates", "versions", "disk", "files", "schedule"]
    assert (found["files"].is_ok, found["schedule"].is_ok) == (False, False)
    assert found["files"].said == f"--path {file} is not there: give a CSV or Parquet file"
    file.touch()
    found = look(source="bettingpros", path=file, settings=unset)
    assert (found["files"].is_ok, found["schedule"].is_ok) == (True, True)


def test_a_disk_without_room(look: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "free")
    need = (512 + 10 * 2) << 20
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: usage(need))
    assert look()["disk"].is_ok
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda _: usage(need - 1))
    found = look()["disk"]
    assert found.is_ok is False
    assert "532 MiB needed: make room" in found.said


def test_a_version_that_is_not_declared(look: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    version = metadata.version
    monkeypatch.setattr(
        preflight.metadata, "version", lambda name: "2.0.1" if name == "duckdb" else version(name)
    )
    found = look()["versions"]
    assert found.is_ok is False
    assert "duckdb 2.0.1 is not <2,>=1.5: run `make setup`" in found.said


@pytest.mark.parametrize(
    ("games", "says"),
    [
        ({}, "no game of 2026-01-01 to 2026-01-10 is known; load it: nba-props backfill"),
        ({LAST: 3}, "no game of 2026-01-01 to 2026-01-09 is known"),
        ({FIRST: 3}, "no game of 2026-01-02 to 2026-01-10 is known"),
    ],
)
def test_a_schedule_with_a_hole(look: Callable, games: dict, says: str) -> None:
    found = look(games=games)["schedule"]
    assert found.is_ok is False
    assert says in found.said
    assert "--from 2026-01-01 --to 2026-01-10 --load-only --reason" in found.said


def test_a_break_is_no_hole(look: Callable) -> None:
    assert look(games={FIRST: 3, LAST: 3})["schedule"].is_ok


def test_credits_that_do_not_last(look: Callable, quota: Callable) -> None:
    floor = 20
    quota(10 * COST_OF_A_DAY + floor, NOW - timedelta(days=2))
    assert look()["quota"].is_ok
    # the newest word counts
    quota(10 * COST_OF_A_DAY + floor - 1, NOW - timedelta(days=1))
    found = look()["quota"]
    assert found.is_ok is False
    assert "2,310 credits at most, 2,329 are left, 20 of them are kept: ask for fewer" in found.said
    # what is done already costs nothing
    assert look(days=DAYS[1:])["quota"].is_ok


def test_credits_of_last_month_are_no_longer_known(look: Callable, quota: Callable) -> None:
    quota(1, datetime(2025, 12, 31, 23, 59, tzinfo=UTC))
    assert look()["quota"].is_ok is None


def test_no_date_and_a_date_to_come(look: Callable) -> None:
    found = look(days=[], games={})["dates"]
    assert (found.is_ok, "no game is scheduled" in found.said) == (False, True)
    found = look(now=datetime(2026, 1, 10, 4, tzinfo=UTC))["dates"]
    # 04:00 UTC is the evening before in New York
    assert (found.is_ok, "is after today, 2026-01-09" in found.said) == (False, True)


def test_an_archive_that_is_not_there(look: Callable, tmp_path: Path) -> None:
    assert look(source="archive", path=tmp_path)["archive"].is_ok
    assert look(source="archive", path=tmp_path / "gone")["archive"].is_ok is False


def test_a_slow_provider_is_told_in_minutes(look: Callable) -> None:
    found = look(source="balldontlie", settings={"balldontlie_requests_per_minute": 5})["time"]
    assert found.said == "about 23 requests, 5 min at 5 a minute"


def test_a_rebuild_needs_no_source(look: Callable) -> None:
    unset = {"odds_api_key": None, "balldontlie_api_key": None}
    found = look(source=None, mode=ledger.REBUILD, settings=unset)
    assert list(found) == ["dates", "versions", "disk", "schedule"]


def test_nothing_is_begun_where_a_check_fails(settings: Settings) -> None:
    with pytest.raises(PreflightFailed, match=r"was not begun.*ODDS_API_KEY is not set"):
        run_backfill(
            settings.model_copy(update={"odds_api_key": None}),
            source="odds_api",
            start=FIRST,
            end=LAST,
            clock=lambda: NOW,
        )
    assert not settings.warehouse_path.exists()


def test_the_checks_are_one_table(look: Callable) -> None:
    checks = look(settings={"odds_api_key": None})
    console = Console(width=300)
    with console.capture() as captured:
        console.print(render_backfill.table_of(list(checks.values())))
    lines = captured.get().splitlines()
    assert len(lines) == 7
    assert any(line.split()[:2] == ["key", "failed"] for line in lines)
    assert any(line.split()[:2] == ["quota", "unknown"] for line in lines)
