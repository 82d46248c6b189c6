with nodes as (

    select * from {{ source('runs', 'nodes') }}

),

final as (

    select
        {{ row_id(['run_id', 'selector', 'node_id']) }} as node_key,
        run_id,
        selector,
        node_id,
        name,
        resource_type,
        layer,
        status,
        seconds,
        rows_affected,
        failures,
        message,
        started_at
    from nodes

)

select * from final
