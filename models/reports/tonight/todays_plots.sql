-- Each card's distribution as a drawing: a letter an outcome, its height in 35ths of the highest (0-9, then a-z).
with cards as (

    select * from {{ ref('todays_cards') }}

),

distributions as (

    select * from {{ ref('todays_distributions') }}

),

outcomes as (

    select
        forecast_id,
        value,
        cumulative_probability - coalesce(
            lag(cumulative_probability) over (partition by forecast_id order by value asc), 0
        ) as probability
    from distributions

),

peaks as (

    select
        forecast_id,
        max(probability) as peak
    from outcomes
    group by forecast_id

),

heights as (

    select
        outcomes.forecast_id,
        outcomes.value,
        cast(
            round({{ safe_divide('35 * outcomes.probability', 'peaks.peak') }})
            as {{ dbt.type_bigint() }}
        ) as height
    from outcomes
    inner join peaks
        on outcomes.forecast_id = peaks.forecast_id

),

drawn as (

    select
        forecast_id,
        min(value) as first_outcome,
        string_agg(
            substr('0123456789abcdefghijklmnopqrstuvwxyz', height + 1, 1), '' order by value
        ) as shape
    from heights
    where height > 0
    group by forecast_id

),

final as (

    select
        cards.forecast_id,
        cards.card_number,
        cards.player_id,
        cards.market,
        drawn.first_outcome,
        drawn.shape
    from cards
    inner join drawn
        on cards.forecast_id = drawn.forecast_id

)

select * from final
