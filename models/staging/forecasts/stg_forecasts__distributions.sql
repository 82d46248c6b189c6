with distributions as (

    select * from {{ source('forecasts', 'forecast_distributions') }}

),

final as (

    select
        forecast_id,
        game_date,
        value,
        cumulative_probability
    from distributions

)

select * from final
