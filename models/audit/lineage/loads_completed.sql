{{ config(materialized='view') }}

-- Every load that dlt completed, of whatever source: the ground on which a lineage stands.
with loads as (

    {% for name in provider_names() + ['forecasts'] -%}
        select
            '{{ name }}' as source,
            load_id,
            inserted_at
        from {{ source(name, '_dlt_loads') }}
        where status = 0
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

final as (

    select
        load_id,
        source,
        inserted_at as completed_at
    from loads

)

select * from final
