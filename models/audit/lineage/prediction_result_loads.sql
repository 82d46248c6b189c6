{{ config(materialized='view') }}

-- The loads that gave the results behind each prediction, by what they told.
with read_games as (

    select * from {{ ref('prediction_games') }}

),

players as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

zones as (

    select * from {{ ref('int_player_shot_zones__resolved') }}

),

game_loads as (

    select * from {{ ref('game_loads') }}

),

told as (

    select
        read_games.forecast_id,
        read_games.whose || ' box scores' as role,
        'player_box' as resource,
        players.source_load_id as load_id,
        read_games.game_date as fact_date,
        1 as facts
    from read_games
    inner join players
        on
            read_games.game_id = players.game_id
            and read_games.player_id = players.player_id
    union all
    select
        read_games.forecast_id,
        read_games.whose || ' box scores' as role,
        'player_shot_zones' as resource,
        zones.source_load_id as load_id,
        read_games.game_date as fact_date,
        1 as facts
    from read_games
    inner join zones
        on
            read_games.game_id = zones.game_id
            and read_games.player_id = zones.player_id
    where read_games.whose = 'own'
    union all
    select
        read_games.forecast_id,
        case read_games.whose
            -- A share of the team's possessions needs the team's rows of every game of his.
            when 'own' then 'team box scores' else read_games.whose || ' box scores'
        end as role,
        game_loads.resource,
        game_loads.load_id,
        read_games.game_date as fact_date,
        game_loads.facts
    from read_games
    inner join game_loads
        on read_games.game_id = game_loads.game_id
    where read_games.whose != 'absent players'

),

final as (

    {{ facts_by_load('told', facts=integer_sum('facts')) }}

)

select * from final
