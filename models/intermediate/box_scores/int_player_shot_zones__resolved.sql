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

priority as (

    select * from {{ ref('source_priority') }}
    where need = 'shot_zones'

),

resolved as (

    select
        games.game_id,
        players.player_id,
        zones.source,
        priority.rank as source_rank,
        zones.paint_fga,
        zones.paint_fgm,
        zones.mid_range_fga,
        zones.mid_range_fgm,
        zones.three_fga,
        zones.three_fgm,
        zones.source_load_id,
        zones.loaded_at
    from zones
    inner join priority
        on zones.source = priority.source
    inner join games
        on
            zones.source = games.source
            and zones.source_game_id = games.source_game_id
    inner join players
        on
            zones.source = players.source
            and zones.source_player_id = players.source_player_id

),

ranked as (

    select
        *,
        {{ source_choice("game_id || '|' || player_id", 'paint_fga is not null', 'source') }}
            as choice
    from resolved

),

final as (

    select
        game_id,
        player_id,
        source,
        paint_fga,
        paint_fgm,
        mid_range_fga,
        mid_range_fgm,
        three_fga,
        three_fgm,
        source_load_id,
        loaded_at
    from ranked
    where choice = 1

)

select * from final
