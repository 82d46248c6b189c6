"""What the raw tables of a source hold of a date, and what a load of prices brought."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows import backfill_ledger as ledger
from flows.backfill_sources import check, held
from flows.errors import ArgumentError
from loaders.pipeline import LoadOutcome
from loaders.settings import Settings

FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(6)]
# whole, a side missing, not final, postponed, none, one of two final and whole
GAMES = """
create schema raw_balldontlie;
create table raw_balldontlie.games as from (values
    (1, date '2026-01-01', 'Final', false), (2, date '2026-01-02', 'Final', false),
    (3, date '2026-01-03', '1st Qtr', null), (4, date '2026-01-04', 'Final', true),
    (6, date '2026-01-06', 'Final', false), (7, date '2026-01-06', 'scheduled', false),
    (8, date '2026-01-07', 'Final', false)
) as games (id, game_date, status, postponed);
create table raw_balldontlie.player_stats as from (values
    (1, date '2026-01-01', 10), (1, date '2026-01-01', 10), (1, date '2026-01-01', 11),
    (2, date '2026-01-02', 10), (6, date '2026-01-06', 10), (6, date '2026-01-06', 11)
) as stats (game_id, game_date, team_id);
"""
ARCHIVE = """
create schema raw_archive;
create table raw_archive.schedule as from (values
    ('a', date '2026-01-01', 100, 90), ('b', date '2026-01-01', 100, 90),
    ('c', date '2026-01-02', null, null)
) as games (game_id, game_date, home_pts, away_pts);
create table raw_archive.player_box as from (values
    ('a', date '2026-01-01', 10), ('a', date '2026-01-01', 11)
) as box (game_id, game_date, team_id);
"""
NBA_COM = """
create schema raw_nba_com;
create table raw_nba_com.schedule as from (values
    ('0022500001', date '2026-01-01', 3, 'N'), ('0012500001', date '2026-01-01', 3, 'N'),
    ('0022500002', date '2026-01-02', 1, 'P'), ('0022500003', date '2026-01-03', 3, null),
    ('0012500002', date '2026-01-05', 3, 'N')
) as games (game_id, game_date, game_status, postponed_status);
create table raw_nba_com.box_scores as from (values
    ('0022500001', date '2026-01-01', 10), ('0022500001', date '2026-01-01', 11)
) as box (game_id, game_date, team_id);
"""


@pytest.fixture
def stored(settings: Settings) -> Settings:
    settings.warehouse_path.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(GAMES + ARCHIVE + NBA_COM)
    return settings


def test_box_scores_are_counted_against_the_schedule(stored: Settings) -> None:
    found = held(stored, "balldontlie", DAYS, [])
    assert found == {
        DAYS[0]: ("complete", None),
        DAYS[1]: ("failed", "box scores of 0 of 1 final games"),
        DAYS[2]: ("degraded", "0 of 1 games are final"),
        DAYS[3]: ("no_games", None),
        DAYS[4]: ("no_games", None),
        DAYS[5]: ("degraded", "1 of 2 games are final"),
    }
    found = held(stored, "archive", DAYS[:3], [])
    assert found == {
        DAYS[0]: ("failed", "box scores of 1 of 2 final games"),
        DAYS[1]: ("degraded", "0 of 1 games are final"),
        DAYS[2]: ("no_games", None),
    }
    # neither preseason nor a postponed game is expected
    found = held(stored, "nba_com", DAYS[:5], [])
    assert found == {
        DAYS[0]: ("complete", None),
        DAYS[1]: ("no_games", None),
        DAYS[2]: ("failed", "box scores of 0 of 1 final games"),
        DAYS[3]: ("no_games", None),
        DAYS[4]: ("no_games", None),
    }


def test_games_of_two_schedules_are_not_added_up(stored: Settings, settings: Settings) -> None:
    found = ledger.games_by_date(stored, DAYS[0], DAYS[5])
    assert found == {DAYS[0]: 2, DAYS[1]: 1, DAYS[2]: 1, DAYS[5]: 2}
    empty = settings.model_copy(update={"home": settings.home / "empty"})
    assert ledger.games_by_date(empty, DAYS[0], DAYS[5]) == {}


def test_games_of_imported_prices_are_counted_against_the_schedule(stored: Settings) -> None:
    with duckdb.connect(str(stored.warehouse_path)) as connection:
        connection.execute(
            """
            create schema raw_bettingpros;
            create table raw_bettingpros.prop_prices as from (values
                (date '2026-01-01', 'BOS', 'UTA'), (date '2026-01-01', 'BOS', 'UTA'),
                (date '2026-01-01', 'DEN', 'LAL'), (date '2026-01-06', 'DEN', 'LAL')
            ) as prices (game_date, home_team, away_team)
            """
        )
    assert held(stored, "bettingpros", [DAYS[0], DAYS[1], DAYS[4], DAYS[5]], []) == {
        DAYS[0]: ("complete", None),
        DAYS[1]: ("degraded", "prices of 0 of 1 games"),
        DAYS[4]: ("no_games", None),
        DAYS[5]: ("degraded", "prices of 1 of 2 games"),
    }


@pytest.mark.parametrize(
    ("source", "path"), [("bettingpros", None), ("archive", None), ("odds_api", Path("x"))]
)
def test_a_path_belongs_to_files(source: str, path: Path | None) -> None:
    with pytest.raises(ArgumentError, match="--path belongs to --source archive and bettingpros"):
        check(source, FIRST, FIRST, path)


def test_prices_are_counted_against_the_schedule(stored: Settings) -> None:
    def events(received: int) -> Any:
        return LoadOutcome("odds_api", "events", "loaded", 0, 0, None, received=received)

    days = [DAYS[0], DAYS[1], DAYS[3], DAYS[5]]
    others = LoadOutcome("odds_api", "player_props", "loaded", 9, 0, None, received=9)
    found = held(stored, "odds_api", days, [events(2), others, events(0), events(0), events(1)])
    assert found == {
        DAYS[0]: ("complete", None),
        DAYS[1]: ("degraded", "events of 0 of 1 games"),
        DAYS[3]: ("no_games", None),
        DAYS[5]: ("degraded", "events of 1 of 2 games"),
    }
