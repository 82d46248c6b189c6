{{ config(materialized='view') }}

-- How much of what a forecast rests on a run had: 100, less what each need costs that was not there.
with sources as (

    select * from {{ ref('run_sources') }}

),

final as (

    select
        run_id,
        game_date,
        100 - {{ integer_sum('quality_lost') }} as source_quality,
        count(case when not is_there then 1 end) as needs_missing
    from sources
    group by run_id, game_date

)

select * from final
