{{ config(materialized='view') }}

-- What every gate measured in every run; the latest answer of a metric on a game date says is_latest.
with results as (

    select * from {{ ref('stg_runs__gate_results') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

final as (

    select
        results.*,
        runs.started_at as run_started_at,
        row_number() over (
            partition by results.layer, results.metric, results.subject, results.game_date
            order by runs.started_at desc, runs.run_id desc
        ) = 1 as is_latest
    from results
    inner join runs
        on results.run_id = runs.run_id

)

select * from final
