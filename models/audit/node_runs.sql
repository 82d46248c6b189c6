{{ config(materialized='view') }}

with nodes as (

    select * from {{ ref('stg_runs__nodes') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

final as (

    select
        nodes.*,
        runs.command,
        runs.run_mode,
        runs.as_of,
        runs.started_at as run_started_at,
        runs.status as run_status
    from nodes
    inner join runs
        on nodes.run_id = runs.run_id

)

select * from final
