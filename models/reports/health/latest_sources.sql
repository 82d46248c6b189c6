{{ config(materialized='view') }}

-- How fresh each source was when the latest run ended, and what its last load brought.
with header as (

    select * from {{ ref('report_header') }}

),

states as (

    select * from {{ ref('stg_runs__source_states') }}

),

attempts as (

    select
        *,
        rank() over (partition by source order by run_started_at desc, run_id desc) as recency
    from (
        select
            loads.*,
            runs.started_at as run_started_at
        from {{ ref('stg_runs__loads') }} as loads
        inner join {{ ref('stg_runs__runs') }} as runs
            on loads.run_id = runs.run_id
    ) as started

),

latest_attempts as (

    select
        source,
        count(*) as resources,
        count(case when status = 'failed' then 1 end) as resources_failed,
        count(case when status = 'no_data' then 1 end) as resources_empty,
        {{ integer_sum('rows_loaded') }} as rows_loaded,
        {{ integer_sum('rejected') }} as rows_rejected,
        max(finished_at) as attempted_at
    from attempts
    where recency = 1
    group by source

),

final as (

    select
        states.source,
        states.latest_load_at,
        round(states.age_seconds / 3600, 1) as age_hours,
        latest_attempts.attempted_at,
        coalesce(latest_attempts.resources, 0) as resources,
        coalesce(latest_attempts.resources_failed, 0) as resources_failed,
        coalesce(latest_attempts.resources_empty, 0) as resources_empty,
        coalesce(latest_attempts.rows_loaded, 0) as rows_loaded,
        coalesce(latest_attempts.rows_rejected, 0) as rows_rejected
    from header
    inner join states
        on header.run_id = states.run_id
    left join latest_attempts
        on states.source = latest_attempts.source

)

select * from final
