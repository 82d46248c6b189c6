{{ config(materialized='view') }}

-- One row a backfill: what it was asked for, and how many of its dates have got how far.
with dates as (

    select * from {{ ref('stg_runs__backfill_dates') }}

),

final as (

    select
        backfill_id,
        max(source) as source,
        max(mode) as mode,
        max(requested_from) as requested_from,
        max(requested_to) as requested_to,
        max(reason) as reason,
        count(*) as dates_expected,
        {% for status in ['complete', 'no_games', 'degraded', 'failed'] -%}
            count(case when status = '{{ status }}' then 1 end) as dates_{{ status }},
        {% endfor -%}
        count(case when status in ('expected', 'running', 'loaded') then 1 end) as dates_undone,
        max(attempts) as attempts,
        min(case when status in ('expected', 'running', 'loaded', 'failed') then game_date end)
            as first_undone,
        max(updated_at) as updated_at
    from dates
    group by backfill_id

)

select * from final
