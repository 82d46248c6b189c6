-- Enough player rows a team, a usage rate for everyone who played, and box scores that add up.
with players as (

    select * from {{ ref('player_game_summary') }}
    where {{ in_gate_window() }}

),

counted as (

    select * from players
    where season_type != 'All-Star'

),

teams as (

    select
        game_date,
        game_id,
        team_id,
        count(*) as listed_players
    from counted
    group by game_date, game_id, team_id

),

measured as (

    {{ measure('every_team_lists_8_players', 'teams', 'min(listed_players)') }}
    union all
    {{ measure(
        'everyone_who_played_has_a_usage_rate',
        'counted',
        share('usage_rate is null'),
        where='has_played'
    ) }}
    union all
    {{ offenders('points_are_the_sum_of_the_baskets', 'players', 'pts != 2 * fgm + fg3m + ftm') }}
    union all
    {{ offenders('rebounds_are_offensive_or_defensive', 'players', 'reb != oreb + dreb') }}
    union all
    {{ offenders(
        'no_more_is_made_than_attempted',
        'players',
        'fgm > fga or fg3m > fg3a or ftm > fta or fg3m > fgm or fg3a > fga'
    ) }}
    union all
    {{ offenders(
        'who_did_not_play_has_no_statistics',
        'players',
        'not has_played and ' ~ any_statistic(is_known=true)
    ) }}
    union all
    {{ offenders(
        'who_played_has_time_and_statistics',
        'players',
        'has_played is null or (has_played and (coalesce(seconds_played, 0) <= 0 or '
        ~ any_statistic(is_known=false) ~ '))'
    ) }}

),

{{ judged_gate('player_summaries') }}

select * from judged
