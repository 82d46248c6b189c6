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
        offense.pts is distinct from
        case when offense.is_home then games.home_score else games.away_score end
            as is_other_than_score
    from offense
    inner join games
        on offense.game_id = games.game_id
    inner join minutes
        on offense.team_game_id = minutes.team_game_id

),

rows_of_games as (

    select
        games.game_date,
        count(distinct games.game_id) as games,
        count(distinct offense.team_game_id) as offense_rows,
        count(distinct defense.team_game_id) as defense_rows
    from games
    left join offense
        on games.game_id = offense.game_id
    left join defense
        on games.game_id = defense.game_id
    group by games.game_date

),

measured as (

    select
        'every_final_game_has_two_team_rows' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        cast(
            {{ least_known(['offense_rows', 'defense_rows']) }} as {{ type_double() }}
        ) / (2 * games) as value
    from rows_of_games
    union all
    select
        'every_team_attempts_50_field_goals' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        min(fga) as value
    from sides
    where not is_partial
    group by game_date
    union all
    select
        'exact_team_minutes_match_the_overtimes' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        max(seconds_missed) as value
    from sides
    where not is_partial and has_exact_seconds
    group by game_date
    union all
    select
        'whole_team_minutes_match_the_overtimes' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        max(seconds_missed) / 60 as value
    from sides
    where not is_partial and not has_exact_seconds
    group by game_date
    union all
    select
        'no_game_stays_partial' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        game_date,
        count(distinct case when is_partial then game_id end) as value
    from sides
    group by game_date
    union all
    {{ offenders('team_points_are_the_final_score', 'sides', 'is_other_than_score') }}

),

{{ judged_gate('team_summaries') }}

select * from judged
