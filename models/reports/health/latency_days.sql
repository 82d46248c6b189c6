{{ config(materialized='view') }}

{% set days_shown = 30 %}
-- How long the live runs of a day took, by step and by layer; the last days that had any.
with latency as (

    select
        *,
        {{ eastern_date('run_started_at') }} as run_date
    from {{ ref('layer_latency') }}
    where command in ('daily', 'refresh') and run_mode = 'live' and seconds is not null

),

numbered as (

    select
        *,
        dense_rank() over (order by run_date desc) as day_number
    from latency

),

final as (

    select
        {{ row_id(['run_date', 'command', 'kind', 'part']) }} as latency_day_id,
        run_date,
        command,
        kind,
        part,
        count(*) as runs,
        round(avg(seconds), 1) as mean_seconds,
        round(max(seconds), 1) as longest_seconds
    from numbered
    where day_number <= {{ days_shown }}
    group by run_date, command, kind, part

)

select * from final
