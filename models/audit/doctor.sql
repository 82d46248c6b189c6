{{ config(materialized='view') }}

-- What is late, missing, failed, degraded, waived, dead, stuck or scarce, each with what to do.
-- No model knows what time it is: a finding holds from due_at on, a finding without it always.
with runs as (

    select
        *,
        max(case when status = 'completed' then started_at end) over (partition by command)
            as last_completed_start
    from {{ ref('runs') }}

),

dates as (

    select
        status as finding,
        reason,
        remedy,
        min(game_date) as first_date,
        max(game_date) as last_date,
        count(*) as n_dates
    from {{ ref('date_grid') }}
    where status in ('missing', 'failed', 'degraded', 'waived')
    group by status, reason, remedy

),

late as (

    select
        'no live daily run has completed since' as what,
        'nba-props daily; then see why its schedule did not start it' as remedy,
        {{ 60 * var('daily_run_due_hours') }} as due_minutes,
        max(finished_at) as last_at
    from runs
    where command = 'daily' and run_mode = 'live' and status = 'completed'
    union all
    select
        source || ' has not been loaded since' as what,
        'nba-props load ' || source || '; audit.loads has what went wrong' as remedy,
        {{ 60 * var('source_due_hours') }} as due_minutes,
        max(finished_at) as last_at
    from {{ ref('loads') }}
    where command = 'daily' and status != 'failed'
    group by source

),

quota as (

    select * from {{ ref('api_quota') }}
    where is_latest and used_share >= {{ var('quota_warn_share') }}

),

jobs as (

    select * from {{ ref('load_jobs') }}
    where share_of_limit >= {{ var('quota_warn_share') }}

),

found as (

    select
        'late' as finding,
        'error' as severity,
        {{ eastern_date('last_at') }} as since,
        {{ add_minutes('last_at', 'due_minutes') }} as due_at,
        what,
        remedy
    from late
    where last_at is not null
    union all
    select
        finding,
        case when finding in ('missing', 'failed') then 'error' else 'warn' end as severity,
        first_date as since,
        cast(null as {{ type_instant() }}) as due_at,
        {{ to_text('n_dates') }} || ' game dates ' || {{ to_text('first_date') }} || ' to '
        || {{ to_text('last_date') }} || ': ' || coalesce(reason, 'no reason is known') as what,
        remedy
    from dates
    union all
    select
        status as finding,
        'error' as severity,
        {{ eastern_date('started_at') }} as since,
        cast(null as {{ type_instant() }}) as due_at,
        command || ' run ' || run_id || ': ' || substr(coalesce(error, status), 1, 200) as what,
        case failure_category
            when 'configuration_error' then 'mend the setting or the argument that it names'
            when 'upstream_failure' then 'wait for the provider, then run again'
            when 'timeout' then 'see who holds the warehouse, then run again'
            else 'read audit.node_runs of the run, then run again'
        end as remedy
    from runs
    where
        status in ('failed', 'died')
        and (last_completed_start is null or started_at > last_completed_start)
    union all
    select
        'stuck' as finding,
        'error' as severity,
        {{ eastern_date('started_at') }} as since,
        {{ add_minutes('started_at', 60 * var('run_stuck_hours')) }} as due_at,
        command || ' run ' || run_id || ' is still running' as what,
        'if its process ' || coalesce({{ to_text('process_id') }}, 'is gone')
        || ' is gone, the next run will say so; else stop it' as remedy
    from runs
    where status = 'running'
    union all
    select
        'quota' as finding,
        'warn' as severity,
        {{ eastern_date('run_started_at') }} as since,
        cast(null as {{ type_instant() }}) as due_at,
        source || ' has ' || {{ to_text('remaining') }} || ' credits left' as what,
        'ask for fewer markets, take a larger plan, or wait for the reset' as remedy
    from quota
    union all
    select
        'quota' as finding,
        'warn' as severity,
        day as since,
        cast(null as {{ type_instant() }}) as due_at,
        source || ' was loaded ' || {{ to_text('loads') }} || ' times in a day' as what,
        'load longer ranges at once: BigQuery takes 1,500 loads a table and day' as remedy
    from jobs

),

final as (

    select
        {{ row_id(['finding', 'what', 'since', 'remedy']) }} as finding_id,
        finding,
        severity,
        since,
        due_at,
        what,
        remedy
    from found

)

select * from final
