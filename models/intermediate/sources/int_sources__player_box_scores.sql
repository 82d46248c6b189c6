{{ config(materialized='view') }}

-- The lines of every source that has box scores. Of one of them only the rows themselves say who was at home.
with box_scores as (

    {{ union_of(
        [
            ref('stg_archive__player_box_scores'),
            ref('stg_balldontlie__player_box_scores'),
            ref('stg_nba_com__player_box_scores'),
            ref('stg_espn__player_box_scores')
        ],
        box_score_columns()
    ) }}

),

gamelogs as (

    select * from {{ ref('stg_archive__player_gamelogs') }}

),

final as (

    select
        *,
        cast(null as {{ dbt.type_boolean() }}) as is_home
    from box_scores
    union all
    select
        {{ box_score_columns() | join(', ') }},
        is_home
    from gamelogs

)

select * from final
