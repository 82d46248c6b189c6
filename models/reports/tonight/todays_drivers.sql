-- What moved each card's mean away from the average forecast, largest first, with the feature in words.
with cards as (

    select * from {{ ref('todays_cards') }}

),

drivers as (

    select * from {{ ref('stg_forecasts__drivers') }}
    where game_date = {{ slate_date() }}

),

features as (

    select * from {{ ref('feature_contract') }}

),

final as (

    select
        drivers.driver_id,
        cards.forecast_id,
        cards.card_number,
        cards.player_id,
        cards.market,
        drivers.driver_rank,
        drivers.feature,
        coalesce(features.description, drivers.feature) as feature_text,
        round(drivers.value, 2) as value,
        round(drivers.contribution, 2) as contribution
    from cards
    inner join drivers
        on cards.forecast_id = drivers.forecast_id
    left join features
        on drivers.feature = features.feature

)

select * from final
