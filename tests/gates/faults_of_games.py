"""Faults of loads, games and teams."""

from __future__ import annotations

from scenario import DAY_12, DAY_13, DAY_14, SLATE, STATS, Expected, Scenario

RAW = Scenario(
    name="raw",
    layer="raw",
    sql=(
        f"{STATS} min = 'half' where game_id = game('2026-01-14', 0)",
        f"""{STATS} min = '00' where id = (
            select id from raw_balldontlie.player_stats
            where game_date = date '2026-01-13' and pts > 0 order by id limit 1
        )""",
        """insert into raw_balldontlie.rejects by name select
            'a' as row_key, 'player_stats' as resource, '{}' as payload, 'pts: text' as reason,
            timestamptz '2026-01-15 22:00:30+00' as captured_at, new_load() as _dlt_load_id""",
        """insert into raw_archive.schedule by name select
            '2025-26' as season, 'All-Star' as season_type, '0032500001' as game_id,
            date '2026-01-13' as game_date, 1 as home_team_id, 2 as away_team_id,
            190 as home_pts, 188 as away_pts, new_load() as _dlt_load_id""",
        """insert into raw_archive.player_box by name select
            '2025-26' as season, 'All-Star' as season_type, '0032500001' as game_id,
            date '2026-01-13' as game_date, 1 as team_id, 77 as player_id, 'A Star' as player_name,
            '-79:0-6' as minutes, new_load() as _dlt_load_id""",
    ),
    expects=(
        Expected(
            "every_minutes_text_is_understood",
            "error",
            30 / 300,
            DAY_14,
            "minutes 'half' in one game",
            "balldontlie",
        ),
        Expected(
            "nobody_without_time_has_statistics",
            "warn",
            1,
            DAY_13,
            "a scorer's minutes become 00",
            "balldontlie",
        ),
        Expected(
            "no_row_was_rejected", "warn", 1, SLATE, "a row that was set aside", "balldontlie"
        ),
        Expected(
            "every_minutes_text_of_an_all_star_game_is_understood",
            "warn",
            1,
            DAY_13,
            "minutes '-79:0-6' in an All-Star game",
            "nba",
        ),
    ),
)

RAW_EMPTY = Scenario(
    name="raw_empty",
    layer="raw",
    sql=("delete from raw_balldontlie.games",),
    expects=(
        Expected("a_schedule_is_loaded", "error", 0, SLATE, "no game is left in the raw tables"),
    ),
)

CORE = Scenario(
    name="core",
    layer="core",
    sql=(
        """update raw_balldontlie.games set visitor_team_id = 9999, _dlt_load_id = new_load()
        where id = game('2026-01-13', 0)""",
        """update raw_balldontlie.games
        set visitor_team_score = home_team_score, _dlt_load_id = new_load()
        where id = game('2026-01-12', 0)""",
        """update raw_balldontlie.games set tipoff_at = null, _dlt_load_id = new_load()
        where id = game('2026-01-14', 0)""",
        """insert into raw_balldontlie.games
        select * replace (
            900001 as id, home('2026-01-12', 2) as visitor_team_id, new_load() as _dlt_load_id
        ) from raw_balldontlie.games where id = game('2026-01-12', 1)""",
        """update raw_balldontlie.player_injuries
        set status = 'Zzz', _dlt_load_id = new_load()
        where player_id in (
            select player_id from raw_balldontlie.player_injuries order by player_id limit 40
        )""",
    ),
    expects=(
        Expected(
            "every_game_has_both_teams_known",
            "error",
            "count(*) filter (visitor_team_id != 9999) / count(*) from raw_balldontlie.games"
            " where game_date = date '2026-01-13'",
            DAY_13,
            "a team that no seed knows",
        ),
        Expected("no_final_game_is_a_draw", "error", 1, DAY_12, "equal scores of a final game"),
        Expected("every_tip_off_is_known", "warn", 1, DAY_14, "a game without a tip-off"),
        Expected(
            "no_team_plays_twice_a_day", "error", 2, DAY_12, "an invented game of two busy teams"
        ),
        Expected(
            "most_injury_statuses_are_understood",
            "error",
            "count(*) filter (status != 'Zzz') / count(*) from raw_balldontlie.player_injuries",
            SLATE,
            "most statuses of a day become 'Zzz'",
        ),
    ),
)

TEAM_SUMMARIES = Scenario(
    name="team_summaries",
    layer="team_summaries",
    sql=(
        """delete from raw_balldontlie.player_stats
        where game_id = game('2026-01-12', 0) and team_id = home('2026-01-12', 0)""",
        f"""{STATS} fga = 2, fgm = 0
        where game_id = game('2026-01-13', 0) and team_id = home('2026-01-13', 0)""",
        f"{STATS} min = min || ':07' where game_id = game('2026-01-14', 0)",
        f"""{STATS} min = cast(cast(min as integer) + 1 as varchar)
        where game_id = game('2026-01-13', 1) and team_id = home('2026-01-13', 1)
            and min != '00'""",
        f"""{STATS} min = '00' where id in (
            select id from raw_balldontlie.player_stats
            where game_id = game('2026-01-14', 1) and team_id = home('2026-01-14', 1)
            order by id limit 10
        )""",
        """update raw_balldontlie.games
        set home_team_score = home_team_score + 1, _dlt_load_id = new_load()
        where id = game('2026-01-12', 1)""",
    ),
    expects=(
        Expected(
            "every_final_game_has_two_team_rows",
            "error",
            "1 - 1.0 / count(*) from raw_balldontlie.games where game_date = date '2026-01-12'",
            DAY_12,
            "the box score of one side is gone, so its game has no pair",
        ),
        Expected(
            "every_team_attempts_50_field_goals", "error", 30, DAY_13, "two attempts a player"
        ),
        Expected(
            "exact_team_minutes_match_the_overtimes",
            "error",
            15 * 7,
            DAY_14,
            "seven seconds more for everybody",
        ),
        Expected(
            "whole_team_minutes_match_the_overtimes",
            "error",
            "count(*) from raw_balldontlie.player_stats where game_id = game('2026-01-13', 1)"
            " and team_id = home('2026-01-13', 1) and min != '00'",
            DAY_13,
            "a minute more for everybody of a team",
        ),
        Expected("no_game_stays_partial", "warn", 1, DAY_14, "most of a side has no time yet"),
        Expected("team_points_are_the_final_score", "warn", 1, DAY_12, "a final score one higher"),
    ),
)
