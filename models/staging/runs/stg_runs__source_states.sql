with source_states as (

    select * from {{ source('runs', 'source_states') }}

),

final as (

    select
        {{ row_id(['run_id', 'source']) }} as source_state_key,
        run_id,
        source,
        latest_load_id,
        latest_load_at,
        age_seconds
    from source_states

)

select * from final
