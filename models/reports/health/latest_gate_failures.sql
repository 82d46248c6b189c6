{{ config(materialized='view') }}

-- What the gates did not let pass, or only with a word, in the latest run: the value beside its threshold.
with header as (

    select * from {{ ref('report_header') }}

),

results as (

    select * from {{ ref('stg_runs__gate_results') }}
    where status != 'pass'

),

final as (

    select
        results.gate_result_key,
        results.run_id,
        results.layer,
        results.metric,
        results.subject,
        results.game_date,
        results.status,
        round(results.value, 4) as value,
        results.direction,
        results.warn_threshold,
        results.error_threshold,
        results.waived_by,
        results.waiver_reason
    from header
    inner join results
        on header.run_id = results.run_id

)

select * from final
