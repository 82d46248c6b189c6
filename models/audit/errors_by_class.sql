{{ config(materialized='view') }}

-- What failed on a day: of how many attempts of its kind, and of which class.
with runs as (

    select * from {{ ref('stg_runs__runs') }}

),

categories as (

    select * from {{ ref('failure_categories') }}

),

attempts as (

    select
        run_id,
        'run' as phase,
        command as subject,
        case when status in ('failed', 'died') then coalesce(error_class, 'unknown') end
            as error_class
    from runs
    union all
    select
        run_id,
        'load' as phase,
        source as subject,
        case status
            when 'failed' then coalesce(error_class, 'unknown')
            when 'no_data' then 'no_data'
        end as error_class
    from {{ ref('stg_runs__loads') }}
    union all
    select
        run_id,
        'build' as phase,
        layer as subject,
        case
            when status in ('error', 'fail', 'runtime error', 'skipped') then 'node ' || status
        end as error_class
    from {{ ref('stg_runs__nodes') }}

),

dated as (

    select
        {{ eastern_date('runs.started_at') }} as day,
        attempts.phase,
        attempts.subject,
        attempts.error_class,
        case attempts.error_class
            when 'no_data' then 'no_data_available'
            when 'node skipped' then 'upstream_failure'
            else coalesce(categories.failure_category, 'processing_error')
        end as failure_category
    from attempts
    inner join runs
        on attempts.run_id = runs.run_id
    left join categories
        on attempts.error_class = categories.error_class

),

totals as (

    select
        day,
        phase,
        subject,
        count(*) as attempts
    from dated
    group by day, phase, subject

),

errors as (

    select
        day,
        phase,
        subject,
        error_class,
        failure_category,
        count(*) as errors
    from dated
    where error_class is not null
    group by day, phase, subject, error_class, failure_category

),

final as (

    select
        {{ row_id(['errors.day', 'errors.phase', 'errors.subject', 'errors.error_class']) }}
            as error_key,
        errors.*,
        totals.attempts,
        {{ safe_divide('errors.errors', 'totals.attempts') }} as error_share
    from errors
    inner join totals
        on
            errors.day = totals.day
            and errors.phase = totals.phase
            and errors.subject = totals.subject

)

select * from final
