{{ config(materialized='view') }}

-- Which loads a game's results came with: its box scores of players and teams, and its shots by zone.
with players as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

teams as (

    select * from {{ ref('int_sources__team_box_scores') }}

),

games as (

    select * from {{ ref('int_games__crosswalk') }}

),

zones as (

    select * from {{ ref('int_player_shot_zones__resolved') }}

),

facts as (

    select
        game_id,
        'player_box' as resource,
        source_load_id as load_id
    from players
    union all
    select
        games.game_id,
        'team_box' as resource,
        teams.source_load_id as load_id
    from teams
    inner join games
        on
            teams.source = games.source
            and teams.source_game_id = games.source_game_id
    union all
    select
        game_id,
        'player_shot_zones' as resource,
        source_load_id as load_id
    from zones

),

final as (

    select
        {{ row_id(['game_id', 'resource', 'load_id']) }} as game_load_id,
        game_id,
        resource,
        load_id,
        count(*) as facts
    from facts
    group by game_id, resource, load_id

)

select * from final
