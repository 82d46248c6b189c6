{{ config(materialized='view') }}

-- The shots by zone of every source that has them.
with final as (

    {{ union_of(
        [
            ref('stg_archive__player_shot_zones'),
            ref('stg_nba_com__player_shot_zones')
        ],
        [
            'source_game_id', 'source_team_id', 'source_player_id', 'source', 'paint_fga',
            'paint_fgm', 'mid_range_fga', 'mid_range_fgm', 'three_fga', 'three_fgm',
            'source_load_id', 'loaded_at',
        ]
    ) }}

)

select * from final
