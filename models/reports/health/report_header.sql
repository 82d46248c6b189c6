{{ config(materialized='view') }}

-- In one row: how the latest run of a day went, and when one last went well. Behind no gate: it is there when one fails.
with runs as (

    select
        *,
        row_number() over (order by started_at desc, run_id desc) as recency,
        max(case when status = 'completed' then started_at end) over () as last_completed_start
    from {{ ref('runs') }}
    where command in ('daily', 'refresh', 'grade') and status != 'running'

),

completed as (

    select
        run_id,
        as_of,
        started_at,
        finished_at,
        game_date_to
    from runs
    where status = 'completed' and started_at = last_completed_start

),

results as (

    select
        run_id,
        count(case when status = 'pass' then 1 end) as gate_checks_passed,
        count(case when status = 'warn' then 1 end) as gate_checks_warned,
        count(case when status in ('error', 'empty') then 1 end) as gate_checks_blocking,
        count(case when status = 'waived' then 1 end) as gate_checks_waived
    from {{ ref('stg_runs__gate_results') }}
    group by run_id

),

final as (

    select
        runs.run_id,
        runs.command,
        runs.run_mode,
        runs.status,
        runs.as_of,
        runs.started_at,
        runs.finished_at,
        runs.seconds,
        runs.game_date_to as slate_date,
        runs.information_set,
        runs.reason,
        runs.is_degraded,
        runs.degraded_reason,
        runs.failure_category,
        coalesce(results.gate_checks_passed, 0) as gate_checks_passed,
        coalesce(results.gate_checks_warned, 0) as gate_checks_warned,
        coalesce(results.gate_checks_blocking, 0) as gate_checks_blocking,
        coalesce(results.gate_checks_waived, 0) as gate_checks_waived,
        completed.run_id as last_completed_run_id,
        completed.as_of as last_completed_as_of,
        completed.finished_at as last_completed_at,
        completed.game_date_to as last_completed_slate_date
    from runs
    left join results
        on runs.run_id = results.run_id
    left join completed
        on runs.last_completed_start = completed.started_at
    where runs.recency = 1

)

select * from final
