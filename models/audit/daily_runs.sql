{{ config(materialized='view') }}

-- One row a game date that a live daily run was asked for: how its last run went, and what it left.
with runs as (

    select
        *,
        row_number() over (
            partition by game_date_to
            order by started_at desc, run_id desc
        ) as recency
    from {{ ref('stg_runs__runs') }}
    where command = 'daily' and run_mode = 'live' and status != 'running'

),

asked as (

    select
        game_date_to as game_date,
        count(*) as runs,
        count(case when status = 'completed' then 1 end) as runs_completed,
        min(case when status = 'completed' then finished_at end) as first_completed_at
    from runs
    group by game_date_to

),

forecasts as (

    select
        game_date,
        {{ count_forecasts() }} as forecasts
    from {{ ref('stg_forecasts__forecasts') }}
    where run_mode = 'live' and {{ every_game_date() }}
    group by game_date

),

empty_loads as (

    select
        run_id,
        min(source || ' ' || resource) as empty_resource
    from {{ ref('stg_runs__loads') }}
    -- on the day of a game these cannot be empty; the others may be, in the morning
    where status = 'no_data' and resource in ('games', 'events')
    group by run_id

),

final as (

    select
        asked.game_date,
        asked.runs,
        asked.runs_completed,
        asked.first_completed_at,
        runs.run_id as last_run_id,
        runs.status as last_status,
        runs.reason as last_reason,
        runs.error_class as last_error_class,
        coalesce(runs.is_degraded, false) as is_degraded,
        runs.degraded_reason,
        empty_loads.empty_resource,
        coalesce(forecasts.forecasts, 0) as forecasts
    from asked
    inner join runs
        on asked.game_date = runs.game_date_to and runs.recency = 1
    left join forecasts
        on asked.game_date = forecasts.game_date
    left join empty_loads
        on runs.run_id = empty_loads.run_id

)

select * from final
