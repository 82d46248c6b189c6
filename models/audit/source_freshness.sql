{{ config(materialized='view') }}

with states as (

    select * from {{ ref('stg_runs__source_states') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

final as (

    select
        states.*,
        states.age_seconds / 3600 as age_hours,
        runs.command,
        runs.run_mode,
        runs.started_at as run_started_at
    from states
    inner join runs
        on states.run_id = runs.run_id

)

select * from final
