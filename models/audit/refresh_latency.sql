{{ config(materialized='view') }}

-- From the start of the poll that saw something new to the end of the refresh that published it.
with runs as (

    select * from {{ ref('stg_runs__runs') }}

),

steps as (

    select
        run_id,
        sum(seconds) as seconds
    from {{ ref('stg_runs__steps') }}
    group by run_id

),

forecasts as (

    select
        run_id,
        {{ count_forecasts() }} as forecasts,
        count(distinct player_id) as players
    from {{ ref('stg_forecasts__forecasts') }}
    where run_mode = 'live' and {{ every_game_date() }}
    group by run_id

),

final as (

    select
        refreshes.run_id,
        refreshes.game_date_to as game_date,
        refreshes.trigger,
        refreshes.status,
        polls.run_id as poll_run_id,
        polls.reason as polled,
        polls.started_at as poll_started_at,
        refreshes.finished_at,
        {{ seconds_between('polls.started_at', 'polls.finished_at') }} as poll_seconds,
        {{ seconds_between('polls.finished_at', 'refreshes.started_at') }} as waiting_seconds,
        {{ seconds_between('refreshes.started_at', 'refreshes.finished_at') }} as refresh_seconds,
        {{ seconds_between('polls.started_at', 'refreshes.finished_at') }} as seconds,
        poll_steps.seconds + refresh_steps.seconds as step_seconds,
        coalesce(forecasts.forecasts, 0) as forecasts,
        coalesce(forecasts.players, 0) as players
    from runs as refreshes
    inner join runs as polls
        on refreshes.caused_by = polls.run_id
    left join steps as refresh_steps
        on refreshes.run_id = refresh_steps.run_id
    left join steps as poll_steps
        on polls.run_id = poll_steps.run_id
    left join forecasts
        on refreshes.run_id = forecasts.run_id
    where refreshes.command = 'refresh' and polls.command = 'poll'

)

select * from final
