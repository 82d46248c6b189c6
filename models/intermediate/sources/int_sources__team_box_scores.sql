{{ config(materialized='view') }}

-- The team rows of every source that has official ones.
with final as (

    {{ union_of(
        [
            ref('stg_archive__team_box_scores'),
            ref('stg_nba_com__team_box_scores')
        ],
        ['source_game_id', 'source_team_id', 'source', 'minutes']
        + box_counts() | map(attribute='name') | list + ['source_load_id', 'loaded_at']
    ) }}

)

select * from final
