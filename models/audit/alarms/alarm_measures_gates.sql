{{ config(materialized='view') }}

-- What the gates of each day's runs stopped or let pass, and what is left of the providers' quotas.
with runs as (

    select
        run_id,
        coalesce(finished_at, started_at) as told_at,
        {{ eastern_date('coalesce(finished_at, started_at)') }} as day
    from {{ ref('stg_runs__runs') }}

),

gate_results as (

    select * from {{ ref('stg_runs__gate_results') }}
    where status in ('error', 'empty', 'waived')

),

api_quota as (

    select * from {{ ref('stg_runs__api_quota') }}
    where used is not null and remaining is not null

),

final as (

    select
        case gate_results.status when 'waived' then 'gates_waived' else 'gates_blocking' end
            as measure,
        gate_results.metric as cause,
        runs.day,
        min(runs.told_at) as since,
        cast(count(distinct gate_results.gate_row_id) as {{ type_double() }}) as value,
        gate_results.metric || ' of layer ' || min(gate_results.layer) || ', game dates '
        || {{ to_text('min(gate_results.game_date)') }} || ' to '
        || {{ to_text('max(gate_results.game_date)') }}
        || coalesce(
            '; waived by ' || max(gate_results.waived_by)
            || coalesce(': ' || max(gate_results.waiver_reason), ''), ''
        ) as message
    from gate_results
    inner join runs
        on gate_results.run_id = runs.run_id
    group by
        case gate_results.status when 'waived' then 'gates_waived' else 'gates_blocking' end,
        gate_results.metric,
        runs.day
    union all
    select
        'quota_left_share' as measure,
        api_quota.source as cause,
        runs.day,
        min(runs.told_at) as since,
        min({{ safe_divide('api_quota.remaining', 'api_quota.used + api_quota.remaining') }})
            as value,
        api_quota.source || ' has ' || {{ to_text('min(api_quota.remaining)') }}
        || ' credits left' as message
    from api_quota
    inner join runs
        on api_quota.run_id = runs.run_id
    group by api_quota.source, runs.day

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
