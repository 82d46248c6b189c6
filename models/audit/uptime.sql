{{ config(materialized='view') }}

-- By month: the slates that a live daily run was asked for, and those that one had finished before the first tip-off.
with days as (

    select
        *,
        substr({{ to_text('game_date') }}, 1, 7) as month,
        first_completed_at < first_tipoff_at as is_in_time
    from {{ ref('date_grid') }}
    where live_runs > 0 and scheduled_games > 0

),

final as (

    select
        month,
        count(*) as slates,
        count(case when forecasts > 0 then 1 end) as slates_forecast,
        count(case when is_in_time then 1 end) as slates_in_time,
        {{ safe_divide('count(case when is_in_time then 1 end)', 'count(*)') }} as in_time_share
    from days
    group by month

)

select * from final
