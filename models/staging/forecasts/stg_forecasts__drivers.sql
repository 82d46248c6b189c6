with drivers as (

    select * from {{ source('forecasts', 'forecast_drivers') }}

),

final as (

    select
        driver_key as driver_id,
        forecast_id,
        game_date,
        driver_rank,
        feature,
        value,
        contribution
    from drivers

)

select * from final
