with promotions as (

    select * from {{ source('forecasts', 'model_promotions') }}

),

final as (

    select
        promotion_id,
        promoted_at,
        market,
        information_set,
        model_version,
        previous_version,
        action,
        reason,
        evidence,
        _dlt_load_id as source_load_id
    from promotions

)

select * from final
