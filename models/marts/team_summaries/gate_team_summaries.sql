-- Two team rows a final game, real shots and full minutes in each; what is partial is named, and held out of every average.
with games as (

    select * from {{ ref('games') }}
    where {{ in_gate_window() }} and is_final and season_type != 'All-Star'

),

offense as (

    select * from {{ ref('team_offense_game_summary') }}
    where {{ in_gate_window() }} and season_type != 'All-Star'

),

defense as (

    select * from {{ ref('team_defense_game_summary') }}
    where {{ in_gate_window() }}

),

minutes as (

    select * from {{ ref('int_team_games__summed') }}
    where {{ in_gate_window() }}

),

sides as (

    select
        offense.*,
        minutes.has_exact_seconds,
        abs(minutes.player_seconds - minutes.team_seconds) as seconds_missed,
        case when offense.is_home then games.home_score else games.away_score end as final_score
    from offense
    inner join games
        on offense.game_id = games.game_id
    inner join minutes
        on offense.team_game_id = minutes.team_game_id

),

rows_of_games as (

    select
        games.game_date,
        games.game_id,
        count(distinct offense.team_game_id) as offense_rows,
        count(distinct defense.team_game_id) as defense_rows
    from games
    left join offense
        on games.game_id = offense.game_id
    left join defense
        on games.game_id = defense.game_id
    group by games.game_date, games.game_id

),

measured as (

    {{ measure(
        'every_final_game_has_two_team_rows',
        'rows_of_games',
        safe_divide(
            least_known(['sum(offense_rows)', 'sum(defense_rows)']), '2 * count(distinct game_id)'
        )
    ) }}
    union all
    {{ measure('every_team_attempts_50_field_goals', 'sides', 'min(fga)', 'not is_partial') }}
    union all
    {{ measure(
        'exact_team_minutes_match_the_overtimes',
        'sides',
        'max(seconds_missed)',
        'not is_partial and has_exact_seconds'
    ) }}
    union all
    {{ measure(
        'whole_team_minutes_match_the_overtimes',
        'sides',
        'max(seconds_missed) / 60.0',
        'not is_partial and not has_exact_seconds'
    ) }}
    union all
    {{ measure(
        'no_game_stays_partial', 'sides', 'count(distinct case when is_partial then game_id end)'
    ) }}
    union all
    {{ offenders(
        'team_points_are_the_final_score', 'sides', 'pts is distinct from final_score'
    ) }}

),

{{ judged_gate('team_summaries') }}

select * from judged
