{{ config(materialized='view') }}

-- What the runs of each day say for themselves: how they ended, how long they took, what failed in them.
with runs as (

    select
        *,
        coalesce(finished_at, started_at) as told_at,
        {{ eastern_date('coalesce(finished_at, started_at)') }} as day,
        {{ unix_micros('finished_at') }} - {{ unix_micros('started_at') }} as microseconds
    from {{ ref('stg_runs__runs') }}

),

nodes as (

    select * from {{ ref('stg_runs__nodes') }}
    where status in ('success', 'pass', 'warn', 'error', 'fail', 'runtime error')

),

steps as (

    select * from {{ ref('stg_runs__steps') }}
    where step = 'publish' and status = 'failed'

),

layers as (

    select
        run_id,
        layer,
        count(case when status in ('error', 'fail', 'runtime error') then 1 end) as failed,
        count(*) as built
    from nodes
    group by run_id, layer

),

final as (

    select
        case status when 'died' then 'runs_died' else 'runs_failed' end as measure,
        command || ' ' || coalesce(error_class, 'unknown error') as cause,
        day,
        min(told_at) as since,
        cast(count(*) as {{ type_double() }}) as value,
        'run ' || max(run_id) || ' of ' || min(command) || ': '
        || coalesce(substr(max(error), 1, 300), 'no error is told') as message
    from runs
    where status in ('failed', 'died')
    group by status, command, error_class, day
    union all
    select
        'run_minutes' as measure,
        command as cause,
        day,
        min(told_at) as since,
        {{ safe_divide('max(microseconds)', '60000000') }} as value,
        'a run of ' || command || ' took '
        || {{ to_text('cast(floor(max(microseconds) / 60000000) as ' ~ dbt.type_bigint() ~ ')') }}
        || ' minutes' as message
    from runs
    where command = 'daily' and finished_at is not null
    group by command, day
    union all
    select
        'layer_failed_share' as measure,
        layers.layer as cause,
        runs.day,
        min(runs.told_at) as since,
        max({{ safe_divide('layers.failed', 'layers.built') }}) as value,
        'of layer ' || layers.layer || ' ' || {{ to_text('max(layers.failed)') }}
        || ' nodes of a run failed' as message
    from layers
    inner join runs
        on layers.run_id = runs.run_id
    group by layers.layer, runs.day
    union all
    select
        'publish_failures' as measure,
        'publish' as cause,
        runs.day,
        min(runs.told_at) as since,
        cast(count(*) as {{ type_double() }}) as value,
        'the published copy is still the one before run ' || max(runs.run_id) as message
    from steps
    inner join runs
        on steps.run_id = runs.run_id
    group by runs.day

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
