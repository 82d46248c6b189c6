"""Three real seasons: what must be there is there, and a day is forecast as it could have been."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from worlds import copy_world, scalar

from flows import warehouse
from flows.daily import run_daily
from loaders.settings import Settings

pytestmark = [pytest.mark.real_data, pytest.mark.slow]


def test_every_game_is_there_and_of_its_kind(seasons: Settings) -> None:
    for season, playoffs in (("2022-23", 84), ("2023-24", 82), ("2024-25", 84)):
        of_season = f"select count(*) from marts.games where season = '{season}' and season_type = "
        assert scalar(seasons, f"{of_season} 'Regular Season'") == 1230
        assert scalar(seasons, f"{of_season} 'Playoffs'") == playoffs
        assert scalar(seasons, f"{of_season} 'Play-In'") == 6
    apart = "select count(*) from marts.games where is_countable and season_type in"
    assert scalar(seasons, f"{apart} ('All-Star', 'NBA Cup Final')") == 0
    assert scalar(seasons, "select count(*) from marts.games where tipoff_basis = 'fallback'") == 82


def test_team_rows_that_the_source_lacks_are_rebuilt_and_say_so(seasons: Settings) -> None:
    teams = "select count(*) from marts.team_offense_game_summary"
    assert scalar(seasons, teams) == 2 * 3974
    # 18 play-in games, 2 Cup finals and 14 All-Star games.
    assert scalar(seasons, f"{teams} where is_rebuilt_from_players") == 2 * 34


def test_usage_is_there_for_everyone_who_played_and_never_capped(seasons: Settings) -> None:
    played = "select count(*) from marts.player_game_summary where has_played"
    outside = f"{played} and season_type != 'All-Star'"
    assert scalar(seasons, outside) == 84_221
    assert scalar(seasons, f"{outside} and usage_rate is null") == 0
    assert scalar(seasons, f"{outside} and usage_rate > 100") == 20
    rows = "select count(*) - count(distinct (player_id, game_id)) from marts.player_game_summary"
    assert scalar(seasons, rows) == 0


def test_who_did_not_play_has_no_statistics(seasons: Settings) -> None:
    absent = "select count(*) from marts.player_game_summary where not has_played"
    assert scalar(seasons, absent) > 19_000
    assert (
        scalar(seasons, f"{absent} and coalesce(pts, reb, ast, fga, seconds_played) is not null")
        == 0
    )


def test_a_real_day_is_forecast_graded_and_published(seasons: Settings, tmp_path: Path) -> None:
    settings = copy_world(seasons, tmp_path / "home")
    day = date(2024, 4, 5)
    result = run_daily(settings, game_date=day, as_of=None, run_mode="replay")
    assert (result.status, result.games) == ("completed", 12)
    lined = (
        "select count(distinct player_id) from marts.prediction_accuracy"
        " where market = 'points' and line is not null"
    )
    assert scalar(settings, lined) == 83
    assert scalar(settings, f"{lined} and grade = 'graded'") == 77
    assert scalar(settings, f"{lined} and grade = 'void'") == 6
    late = "select count(*) from marts.player_prop_predictions where line_known_at >= as_of"
    assert scalar(settings, late) == 0
    assert settings.published_path.is_file()
    again = run_daily(settings, game_date=day, as_of=None, run_mode="replay")
    assert again.trained == []


def test_two_captures_disagree_where_the_files_do_and_nowhere_else(seasons: Settings) -> None:
    found = warehouse.query(
        seasons,
        """
        select figure, source, believed_source, count(*) as n
        from audit.source_disagreements
        group by figure, source, believed_source
        """,
    ).to_pylist()
    assert {row["figure"]: row["n"] for row in found} == {
        "player_name": 177,
        "is_home": 60,
        "plus_minus": 19,
    }
    assert {(row["source"], row["believed_source"]) for row in found} == {("nba_gamelog", "nba")}
