-- Shots by zone, a row a player and game, under our ids. Zones are optional: most sources have none.
with zones as (

    select * from {{ ref('int_sources__player_shot_zones') }}

),

games as (

    select * from {{ ref('int_games__crosswalk') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

final as (

    select
        games.game_id,
        players.player_id,
        zones.paint_fga,
        zones.paint_fgm,
        zones.mid_range_fga,
        zones.mid_range_fgm,
        zones.three_fga,
        zones.three_fgm,
        zones.source_load_id,
        zones.loaded_at
    from zones
    inner join games
        on
            zones.source = games.source
            and zones.source_game_id = games.source_game_id
    inner join players
        on
            zones.source = players.source
            and zones.source_player_id = players.source_player_id

)

select * from final
