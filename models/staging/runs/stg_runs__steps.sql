with steps as (

    select * from {{ source('runs', 'steps') }}

),

final as (

    select
        {{ row_id(['run_id', 'ordinal']) }} as step_key,
        run_id,
        step,
        ordinal,
        seconds,
        status
    from steps

)

select * from final
