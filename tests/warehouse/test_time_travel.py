"""No feature knows the future: what is deleted or changed after the cut moves nothing before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from worlds import (
    build,
    copy_world,
    difference,
    forget_from,
    project_copy,
    raw_copy,
    scalar,
    scramble_results,
)

from flows.errors import DbtBuildFailed
from loaders.settings import PROJECT_ROOT, Settings

pytestmark = pytest.mark.real_data

FEATURES = "marts.ml_feature_store"
CONTEXT = "marts.upcoming_player_game_context"


def first_fact(settings: Settings, game_date: date, table: str, instant: str) -> datetime:
    """The instant of a fact on that day, before its games: a cut at which `<` and `<=` differ."""
    found = scalar(
        settings,
        f"select min({instant}) from {table} where {instant} >="
        f" timezone('America/New_York', timestamp '{game_date} 09:00')",
    )
    return found.astimezone(UTC)


def travelled(
    settings: Settings, tmp_path: Path, day: date, cut: datetime, project: Path = PROJECT_ROOT
) -> tuple[int, int, int]:
    """Rows of the day's features, and those that differ once nothing later is known."""
    knowing = copy_world(settings, tmp_path / "knowing")
    build(knowing, cut, slate_date=day, project_dir=project)
    ignorant = raw_copy(settings, tmp_path / "ignorant")
    forgotten = forget_from(ignorant, cut)
    assert forgotten["player_box"] > 0
    assert forgotten["schedule"] > 0
    build(ignorant, cut, slate_date=day, project_dir=project)
    on_the_day = f"game_date = date '{day}'"
    rows, gone, new = difference(knowing, ignorant, FEATURES, on_the_day)
    _, context_gone, context_new = difference(knowing, ignorant, CONTEXT, on_the_day)
    return rows, gone + context_gone, new + context_new


def scrambled(
    settings: Settings, tmp_path: Path, day: date, project: Path = PROJECT_ROOT
) -> tuple[int, int, int]:
    """Rows of the day's features, and those that differ, when the day's results are others."""
    later = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=60)
    straight = raw_copy(settings, tmp_path / "straight")
    build(straight, later, project_dir=project)
    other = copy_world(straight, tmp_path / "scrambled")
    assert scramble_results(other, day) > 0
    # A gate rightly sees the seconds that the scramble takes away.
    build(other, later, project_dir=project, severity="warn")
    # The scramble arrived: the day's facts are others, and so are the features of the days after.
    assert (
        difference(straight, other, "marts.player_game_summary", f"game_date = date '{day}'")[1] > 0
    )
    assert difference(straight, other, FEATURES, f"game_date > date '{day}'")[1] > 0
    return difference(straight, other, FEATURES, f"game_date = date '{day}'")


def test_a_cut_at_a_price_hides_it_and_all_that_follows(spring: Settings, tmp_path: Path) -> None:
    day = date(2024, 4, 5)
    cut = first_fact(spring, day, "raw_archive.player_props", "last_update")
    rows, gone, new = travelled(spring, tmp_path, day, cut)
    assert rows > 900
    assert (gone, new) == (0, 0)


def test_scrambled_results_of_a_day_move_no_feature_of_that_day(
    spring: Settings, tmp_path: Path
) -> None:
    rows, gone, new = scrambled(spring, tmp_path, date(2024, 4, 5))
    assert rows > 900
    assert (gone, new) == (0, 0)


LOOSE_NEWS = (
    "models/intermediate/injuries/int_injury_statuses__as_of.sql",
    "{{ known_before('statuses.known_at', 'slate.cut_off_at', 'slate.tipoff_at') }}",
    "statuses.known_at <= least(slate.cut_off_at, slate.tipoff_at)",
)
LOOSE_LEAGUE = (
    "macros/as_of/earlier_day.sql",
    "({{ fact_date }} < {{ game_date }} and",
    "({{ fact_date }} <= {{ game_date }} and",
)


def a_status_of_the_day(settings: Settings, day: date) -> datetime:
    """When the first bad news of the day about a slate player became known."""
    found = scalar(
        settings,
        "select min(known_at) from intermediate.int_injury_statuses__resolved"
        f" where severity >= 2 and known_at between timestamptz '{day} 12:00:00+00'"
        f" and timestamptz '{day} 22:00:00+00' and player_id in"
        f" (select player_id from marts.ml_feature_store where game_date = date '{day}')",
    )
    return found.astimezone(UTC)


def test_time_travel_sees_one_cut_that_is_not_strict(spring: Settings, tmp_path: Path) -> None:
    day = date(2024, 4, 5)
    cut = a_status_of_the_day(spring, day)
    project = project_copy(tmp_path / "project", *LOOSE_NEWS, gates=False)
    _, gone, new = travelled(spring, tmp_path, day, cut, project)
    assert gone > 0
    assert new > 0


def test_the_gate_of_the_context_stops_a_cut_that_is_not_strict(
    spring: Settings, tmp_path: Path
) -> None:
    day = date(2024, 4, 5)
    settings = copy_world(spring, tmp_path / "home")
    project = project_copy(tmp_path / "project", *LOOSE_NEWS)
    with pytest.raises(DbtBuildFailed, match="no_context_row_knows_anything_younger_than_its_cut"):
        build(settings, a_status_of_the_day(spring, day), slate_date=day, project_dir=project)


def test_scrambling_sees_one_cut_that_is_not_strict(spring: Settings, tmp_path: Path) -> None:
    project = project_copy(tmp_path / "project", *LOOSE_LEAGUE)
    _, gone, new = scrambled(spring, tmp_path, date(2024, 4, 5), project)
    assert gone > 0
    assert new > 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("day", "table", "instant"),
    [
        # Cuts of hours without a game: in the middle of one the gates rightly miss its box score.
        (date(2024, 1, 30), "raw_archive.injuries", "first_seen_at"),
        (date(2024, 3, 14), "raw_archive.game_lines", "last_update"),
        (date(2024, 4, 5), "raw_archive.player_props", "last_update"),
        (date(2024, 5, 14), "raw_archive.player_props", "last_update"),
    ],
)
def test_three_seasons_travel_to_days_in_different_months(
    seasons: Settings, tmp_path: Path, day: date, table: str, instant: str
) -> None:
    cut = first_fact(seasons, day, table, instant)
    rows, gone, new = travelled(seasons, tmp_path, day, cut)
    assert rows > 50
    assert (gone, new) == (0, 0)


@pytest.mark.slow
def test_three_seasons_scrambled_on_a_day_move_no_feature_of_that_day(
    seasons: Settings, tmp_path: Path
) -> None:
    rows, gone, new = scrambled(seasons, tmp_path, date(2024, 1, 25))
    assert rows > 50
    assert (gone, new) == (0, 0)
