{{ config(materialized='view') }}

-- Which sources failed again and again, and until when they are left alone; flows/breaker.py acts on the same rule.
with loads as (

    select * from {{ ref('stg_runs__loads') }}
    where status != 'failed' or error_class in ('TransientError', 'ContractError')

),

known as (

    select
        *,
        max(case when status != 'failed' then finished_at end) over (partition by source)
            as last_answered_at
    from loads

),

failures as (

    select
        *,
        lag(finished_at, {{ var('breaker_failures') - 1 }}) over (
            partition by source order by finished_at, load_key
        ) as first_of_row_at,
        row_number() over (partition by source order by finished_at desc, load_key desc) as recency
    from known
    where
        status = 'failed' and (last_answered_at is null or finished_at > last_answered_at)

),

failing as (

    select
        source,
        count(*) as failures,
        min(
            case
                when
                    {{ seconds_between('first_of_row_at', 'finished_at') }}
                    <= {{ 60 * var('breaker_window_minutes') }}
                    then finished_at
            end
        ) as opened_at,
        max(finished_at) as last_failed_at,
        max(case when recency = 1 then error_class end) as last_error_class,
        max(case when recency = 1 then error end) as last_error
    from failures
    group by source

),

sources as (

    select
        source,
        max(last_answered_at) as last_answered_at
    from known
    group by source

),

final as (

    select
        sources.source,
        coalesce(failing.failures, 0) as failures,
        failing.opened_at is not null as is_open,
        failing.opened_at,
        case
            when failing.opened_at is not null
                then {{ add_minutes('failing.last_failed_at', var('breaker_cool_down_minutes')) }}
        end as rests_until,
        sources.last_answered_at,
        failing.last_failed_at,
        failing.last_error_class,
        failing.last_error
    from sources
    left join failing
        on sources.source = failing.source

)

select * from final
