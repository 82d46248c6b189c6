-- Every game of a team in the schedule, past and to come, in order. The schedule is known in advance; results are not here.
with games as (

    select * from {{ ref('games') }}
    where is_franchise_game and status != 'postponed'

),

sides as (

    select
        game_id,
        game_date,
        tipoff_at,
        season,
        season_type,
        home_team_id as team_id,
        away_team_id as opponent_team_id,
        true as is_home
    from games
    union all
    select
        game_id,
        game_date,
        tipoff_at,
        season,
        season_type,
        away_team_id as team_id,
        home_team_id as opponent_team_id,
        false as is_home
    from games

),

final as (

    select
        {{ row_id(['game_id', 'team_id']) }} as team_game_id,
        sides.*,
        row_number() over (partition by team_id order by tipoff_at asc, game_id asc)
            as team_game_number,
        lag(game_date) over (partition by team_id order by tipoff_at asc, game_id asc)
            as previous_game_date
    from sides

)

select * from final
