-- The game dates whose results may speak in later prices, each with a fingerprint of its forecasts and of its results.
with measured as (

    select
        game_date,
        count(*) as forecasts,
        max(loaded_at) as loaded_at
    from {{ ref('int_forecasts__measured') }}
    where {{ every_game_date() }}
    group by game_date
    having count(market_over_probability) > 0

),

games as (

    select
        game_date,
        count(case when is_final then 1 end) as final_games
    from {{ ref('games') }}
    group by game_date

),

teams as (

    select
        game_date,
        count(case when is_partial then 1 end) as partial_teams
    from {{ ref('team_offense_game_summary') }}
    group by game_date

),

players as (

    select
        game_date,
        count(*) as players,
        coalesce({{ integer_sum('quality_score') }}, 0) as quality,
        max(loaded_at) as loaded_at
    from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}
    group by game_date

),

final as (

    select
        measured.game_date,
        {{ greatest_known(['measured.loaded_at', 'players.loaded_at']) }} as loaded_at,
        {{ row_id([
            'measured.forecasts', unix_micros('measured.loaded_at'), 'games.final_games',
            'teams.partial_teams', 'players.players', 'players.quality',
            unix_micros('players.loaded_at')
        ]) }} as inputs_version
    from measured
    inner join games
        on measured.game_date = games.game_date
    inner join players
        on measured.game_date = players.game_date
    left join teams
        on measured.game_date = teams.game_date
    where games.final_games > 0

)

select * from final
