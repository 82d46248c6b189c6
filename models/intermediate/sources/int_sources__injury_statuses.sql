{{ config(materialized='view') }}

-- The injury statuses of every source.
with final as (

    {{ union_of(
        [
            ref('stg_archive__injury_statuses'),
            ref('stg_balldontlie__injury_statuses'),
            ref('stg_espn__injury_statuses')
        ],
        [
            'status_id', 'source', 'source_player_id', 'player_name', 'status_text', 'detail',
            'known_at', 'gone_by_at', 'source_load_id', 'loaded_at',
        ]
    ) }}

)

select * from final
