"""Real injury feeds and projected line-ups of spring 2024: what is wrong, and what it becomes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Asked = Callable[[str], list[tuple]]
pytestmark = pytest.mark.real_data


def test_every_status_is_a_player_s_and_in_one_vocabulary(asked: Asked) -> None:
    assert asked(
        "select status, count(*), count(player_id)"
        " from intermediate.int_injury_statuses__resolved group by 1 order by 2 desc"
    ) == [
        ("out", 2813, 2813),
        ("questionable", 1896, 1896),
        ("available", 311, 311),
        ("probable", 310, 310),
        ("unknown", 254, 254),
        ("doubtful", 132, 132),
    ]


def test_each_defect_of_the_statuses_is_counted(asked: Asked) -> None:
    """No date stands in the status column of these files, and no two statuses contradict."""
    assert asked(
        "select issue, outcome, count(*), count(distinct player_id) from audit.injury_issues"
        " group by 1, 2 order by 3 desc"
    ) == [
        ("other wording", "resolved", 2751, 336),
        ("two teams at once", "resolved", 354, 96),
        ("left open", "kept out", 254, 171),
    ]
    wordings = asked(
        "select lower(status_text), count(*) from audit.injury_issues"
        " where issue = 'other wording' group by 1 order by 2 desc, 1"
    )
    assert len(wordings) == 23
    assert wordings[:4] == [
        ("injured", 1037),
        ("day to day", 994),
        ("out for season", 445),
        ("not on injury report", 152),
    ]


def test_two_spellings_and_two_teams_are_one_player(asked: Asked) -> None:
    """Porzingis: with and without accents, and at the end under Boston and Dallas at once."""
    found = asked(
        "select count(distinct player_id), count(distinct player_name), count(*)"
        " from intermediate.int_injury_statuses__resolved where player_name like '%Porzi%'"
    )
    assert found == [(1, 2, 49)]
    assert asked(
        "select status_text, known_at::date::varchar, reason from audit.injury_issues"
        " where player_name like '%Porzi%' and issue = 'two teams at once'"
        " and known_at >= '2024-06-01' order by known_at"
    ) == [
        (
            "Questionable",
            day,
            f"Also under {team}: a status goes with the player, not the team",
        )
        for day, team in (("2024-06-12", "DAL"), ("2024-06-17", "BOS"))
    ]


def test_what_stood_at_tip_off_tells_who_plays(asked: Asked) -> None:
    """Of those in the box score with a status at tip-off."""
    shares = dict(
        asked(
            """
            with listed as (
                select box.game_id, players.player_id, schedule.tipoff_utc,
                    coalesce(box.seconds_played > 0, false) as has_played
                from raw_archive.player_box as box
                inner join raw_archive.schedule as schedule on box.game_id = schedule.game_id
                inner join intermediate.int_players__crosswalk as players
                    on players.source = 'nba'
                    and players.source_player_id = box.player_id::varchar
            ),
            standing as (
                select listed.*, statuses.status, row_number() over (
                    partition by listed.game_id, listed.player_id
                    order by statuses.known_at desc, statuses.severity desc
                ) as recency
                from listed
                inner join intermediate.int_injury_statuses__resolved as statuses
                    on listed.player_id = statuses.player_id
                    and statuses.status != 'unknown'
                    and statuses.known_at < listed.tipoff_utc
                    and coalesce(statuses.gone_by_at >= listed.tipoff_utc, true)
                where listed.tipoff_utc between '2024-02-15' and '2024-06-20'
            )
            select status, avg(has_played::integer) from standing where recency = 1 group by 1
            """
        )
    )
    assert shares["out"] < 0.03
    assert shares["doubtful"] < 0.05
    assert 0.7 < shares["questionable"] < 0.8
    assert shares["probable"] > 0.9
    assert shares["available"] > 0.9


def test_projected_starters_are_players_and_what_is_not_is_counted(asked: Asked) -> None:
    assert asked(
        "select count(*), count(distinct lineup_id), count(player_id), count(team_id)"
        " from intermediate.int_projected_starters__resolved"
    ) == [(2990, 598, 2953, 2895)]
    assert asked("select issue, count(*) from audit.lineup_issues group by 1 order by 2, 1") == [
        ("fewer than five names", 1),
        ("no line-up", 6),
        ("unresolved name", 6),
        ("unknown team", 65),
    ]
    assert asked(
        "select player_name, count(*) from audit.lineup_issues where issue = 'unresolved name'"
        " group by 1 order by 1"
    ) == [
        ("Jonathan Kuminga Draymond Green", 1),
        ("Micahel Porter Jr.", 1),
        ("Vasijile Micic", 1),
        ("Vince Willams", 3),
    ]


def test_nine_of_ten_who_are_projected_at_tip_off_start(asked: Asked) -> None:
    [(starters, share)] = asked(
        """
        select count(*), avg(box.is_starter::integer)
        from raw_archive.player_box as box
        inner join raw_archive.schedule as schedule on box.game_id = schedule.game_id
        inner join intermediate.int_players__crosswalk as players
            on players.source = 'nba' and players.source_player_id = box.player_id::varchar
        inner join intermediate.int_projected_starters__resolved as projected
            on players.player_id = projected.player_id
            and projected.team_id is not null
            and projected.known_at < schedule.tipoff_utc
            and projected.known_at > schedule.tipoff_utc - interval 1 day
            and projected.gone_by_at >= schedule.tipoff_utc
        """
    )
    assert starters > 1500
    assert share > 0.9
