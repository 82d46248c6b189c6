{{ config(materialized='view') }}

-- Loads a day and source. A load is at most one job a table, of which BigQuery takes 1,500 a day.
{% set sources = provider_names() + ['bets', 'forecasts', 'runs'] %}

with loads as (

    {% for name in sources -%}
        select
            '{{ name }}' as source,
            {{ eastern_date('inserted_at') }} as day
        from {{ source(name, '_dlt_loads') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        {{ row_id(['source', 'day']) }} as load_jobs_key,
        source,
        day,
        count(*) as loads,
        {{ safe_divide('count(*)', '1500') }} as share_of_limit
    from loads
    group by source, day

)

select * from final
