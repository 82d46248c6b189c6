{{ config(materialized='view') }}

-- What the gates said in the latest run, a row a metric: how often it was looked at, and how it went.
with header as (

    select * from {{ ref('report_header') }}

),

results as (

    select * from {{ ref('stg_runs__gate_results') }}

),

final as (

    select
        {{ row_id(['results.layer', 'results.metric']) }} as latest_gate_id,
        results.run_id,
        results.layer,
        results.metric,
        count(*) as checks,
        count(case when results.status = 'pass' then 1 end) as passed,
        count(case when results.status = 'warn' then 1 end) as warned,
        count(case when results.status in ('error', 'empty') then 1 end) as blocking,
        count(case when results.status = 'waived' then 1 end) as waived,
        min(results.game_date) as first_date,
        max(results.game_date) as last_date
    from header
    inner join results
        on header.run_id = results.run_id
    group by results.run_id, results.layer, results.metric

)

select * from final
