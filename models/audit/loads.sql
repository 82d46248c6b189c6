{{ config(materialized='view') }}

with loads as (

    select * from {{ ref('stg_runs__loads') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

final as (

    select
        loads.*,
        {{ seconds_between('loads.started_at', 'loads.finished_at') }} as seconds,
        runs.command,
        runs.run_mode,
        runs.game_date_from,
        runs.game_date_to
    from loads
    inner join runs
        on loads.run_id = runs.run_id

)

select * from final
