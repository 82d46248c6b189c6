with api_quota as (

    select * from {{ source('runs', 'api_quota') }}

),

final as (

    select
        {{ row_id(['run_id', 'source']) }} as quota_key,
        run_id,
        source,
        calls,
        spent,
        used,
        remaining
    from api_quota

)

select * from final
