"""Faults of box scores of players, and of what is known of a slate."""

from __future__ import annotations

from scenario import DAY_12, DAY_13, DAY_14, SLATE, STATS, Edit, Expected, Scenario

PLAYER_SUMMARIES = Scenario(
    name="player_summaries",
    layer="player_summaries",
    sql=(
        """delete from raw_balldontlie.player_stats
        where game_id = game('2026-01-14', 0) and team_id = home('2026-01-14', 0)
            and id not in (
                select id from raw_balldontlie.player_stats
                where game_id = game('2026-01-14', 0) and team_id = home('2026-01-14', 0)
                order by fga desc, id limit 7
            )""",
        # seven who share 240 minutes and shoot like a team
        f"""{STATS} fga = greatest(fga, 12), min = case when id in (
            select id from raw_balldontlie.player_stats
            where game_id = game('2026-01-14', 0) and team_id = home('2026-01-14', 0)
            order by id limit 2
        ) then '35' else '34' end
        where game_id = game('2026-01-14', 0) and team_id = home('2026-01-14', 0)""",
        f"{STATS} fta = null where game_id = game('2026-01-13', 0)",
        f"{STATS} pts = pts + 1 where id = a_player('2026-01-12', 0)",
        f"{STATS} reb = reb + 1 where id = a_player('2026-01-12', 1)",
        f"""{STATS} fgm = fga + 1, pts = 2 * (fga + 1) + fg3m + ftm
        where id = a_player('2026-01-12', 2)""",
    ),
    expects=(
        Expected(
            "every_team_lists_8_players", "error", 7, DAY_14, "a side of seven, with full minutes"
        ),
        Expected(
            "everyone_who_played_has_a_usage_rate",
            "error",
            "count(*) filter (fta is null) / count(*) from raw_balldontlie.player_stats"
            " where game_date = date '2026-01-13' and min != '00'",
            DAY_13,
            "free-throw attempts of a game are null",
        ),
        Expected(
            "who_played_has_time_and_statistics",
            "error",
            "count(*) from raw_balldontlie.player_stats"
            " where game_date = date '2026-01-13' and min != '00' and fta is null",
            DAY_13,
            "free-throw attempts of a game are null",
        ),
        Expected("points_are_the_sum_of_the_baskets", "error", 1, DAY_12, "a point too many"),
        Expected("rebounds_are_offensive_or_defensive", "error", 1, DAY_12, "a rebound too many"),
        Expected("no_more_is_made_than_attempted", "error", 1, DAY_12, "more made than tried"),
    ),
)

PLAYER_SUMMARIES_EDITED = Scenario(
    name="player_summaries_edited",
    layer="player_summaries",
    sql=(f"{STATS} min = min where game_date = date '2026-01-14'",),
    edits=(
        Edit(
            "models/intermediate/box_scores/int_player_games__joined.sql",
            "case when marked.has_played then marked.{{ count.name }} end as {{ count.name }}",
            "marked.{{ count.name }} as {{ count.name }}",
        ),
    ),
    why_edited="int_player_games__joined makes statistics of who did not play null",
    expects=(
        Expected(
            "who_did_not_play_has_no_statistics",
            "error",
            "count(*) from raw_balldontlie.player_stats"
            " where game_date = date '2026-01-14' and min = '00'",
            DAY_14,
            "the zeros of who did not play are kept",
        ),
    ),
)

CONTEXT = Scenario(
    name="context",
    layer="context",
    sql=(
        """update raw_odds_api.player_props
        set player_name = 'Nobody ' || player_name, _dlt_load_id = new_load()
        where commence_time > timestamptz '2026-01-15 12:00:00+00'
            and hash(player_name) % 10 < 6""",
        # known before the morning's cut, and after the last box score
        """update raw_balldontlie.active_players
        set team_id = 1 + team_id % 30, valid_from = timestamptz '2026-01-15 10:00:00+00',
            _dlt_load_id = new_load()
        where team_id = home('2026-01-15', 0)""",
    ),
    expects=(
        Expected(
            "most_quoted_names_are_known",
            "error",
            "count(distinct player_name) filter (player_name not like 'Nobody %')"
            " / count(distinct player_name) from raw_odds_api.player_props"
            " where commence_time > timestamptz '2026-01-15 12:00:00+00'"
            " and market = 'player_points'",
            SLATE,
            "the books' names become unknown",
        ),
        Expected(
            "every_team_knows_8_players",
            "error",
            0,
            SLATE,
            "all players of a team are seen with another",
        ),
    ),
)

CONTEXT_EMPTY = Scenario(
    name="context_empty",
    layer="context",
    sql=(
        "delete from raw_balldontlie.player_stats",
        "delete from raw_balldontlie.active_players",
        "delete from raw_balldontlie.games where game_date != date '2026-01-15'",
    ),
    expects=(
        Expected(
            "the_slate_has_players",
            "empty",
            None,
            SLATE,
            "a schedule, and nobody was ever seen with a team",
        ),
    ),
)

CONTEXT_EDITED = Scenario(
    name="context_edited",
    layer="context",
    edits=(
        Edit(
            "macros/as_of/known_before.sql",
            "< {{ least_known([cut_off_at, tipoff_at]) }})",
            "< {{ tipoff_at }})",
        ),
        Edit(
            "models/marts/context/upcoming_team_game_context.sql",
            "        on sides.team_question_id = absences.team_question_id\n",
            "        on sides.team_question_id = absences.team_question_id\n"
            "    where\n"
            "        sides.is_home\n"
            "        or sides.game_id != (\n"
            "            select min(game_id) from sides where game_date = {{ slate_date() }}\n"
            "        )\n",
        ),
        Edit(
            "models/intermediate/lines/int_prop_lines__as_of.sql",
            "    from consensus\n",
            "    from consensus\n    where market != 'points'\n",
        ),
    ),
    why_edited="known_before cuts every fact, int_team_games__scheduled gives a game two sides,"
    " and every quote of a known name and event becomes a line",
    expects=(
        Expected(
            "every_scheduled_team_has_a_context_row",
            "error",
            33 / 36,
            SLATE,
            "a game of the slate has its home side alone",
        ),
        Expected(
            "every_rostered_player_has_a_context_row",
            "error",
            5 / 6,
            SLATE,
            "a game of the slate has its home side alone",
        ),
        Expected(
            "no_context_row_knows_anything_younger_than_its_cut",
            "error",
            None,
            SLATE,
            "facts are cut at tip-off only",
        ),
        Expected(
            "no_line_was_known_at_or_after_the_cut",
            "error",
            None,
            SLATE,
            "facts are cut at tip-off only",
        ),
        Expected(
            "quoted_players_have_a_line_by_evening",
            "error",
            0,
            SLATE,
            "quotes of points become no line",
        ),
    ),
)
