{{ config(materialized='view') }}

with runs as (

    select * from {{ ref('stg_runs__runs') }}

),

categories as (

    select * from {{ ref('failure_categories') }}

),

nodes as (

    select
        run_id,
        count(*) as nodes,
        count(case when status in ('error', 'fail', 'runtime error') then 1 end) as nodes_failed,
        count(case when status = 'skipped' then 1 end) as nodes_skipped
    from {{ ref('stg_runs__nodes') }}
    group by run_id

),

loads as (

    select
        run_id,
        {{ integer_sum('rows_loaded') }} as rows_loaded
    from {{ ref('stg_runs__loads') }}
    group by run_id

),

gates as (

    select
        run_id,
        count(*) as gate_rows,
        count(case when status in ('error', 'empty') then 1 end) as gate_rows_blocking
    from {{ ref('stg_runs__gate_results') }}
    group by run_id

),

final as (

    select
        runs.run_id,
        runs.command,
        runs.run_mode,
        runs.as_of,
        runs.started_at,
        runs.finished_at,
        {{ seconds_between('runs.started_at', 'runs.finished_at') }} as seconds,
        runs.status,
        runs.game_date_from,
        runs.game_date_to,
        runs.information_set,
        runs.trigger,
        runs.deployment,
        runs.flow_run_id,
        runs.scheduled_at,
        runs.caused_by,
        runs.mode,
        runs.reason,
        coalesce(runs.is_degraded, false) as is_degraded,
        runs.degraded_reason,
        runs.error_class,
        case
            when runs.status in ('failed', 'died')
                then coalesce(categories.failure_category, 'processing_error')
        end as failure_category,
        runs.error,
        coalesce(loads.rows_loaded, 0) as rows_loaded,
        coalesce(nodes.nodes, 0) as nodes,
        coalesce(nodes.nodes_failed, 0) as nodes_failed,
        coalesce(nodes.nodes_skipped, 0) as nodes_skipped,
        coalesce(gates.gate_rows, 0) as gate_rows,
        coalesce(gates.gate_rows_blocking, 0) as gate_rows_blocking,
        runs.host,
        runs.process_id,
        runs.git_sha,
        runs.project_fingerprint,
        runs.vars_hash,
        runs.versions
    from runs
    left join categories
        on runs.error_class = categories.error_class
    left join nodes
        on runs.run_id = nodes.run_id
    left join loads
        on runs.run_id = loads.run_id
    left join gates
        on runs.run_id = gates.run_id

)

select * from final
