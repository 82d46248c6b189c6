-- The whole distributions behind tonight's slate, for a line that no book offers.
with slate as (

    select * from {{ ref('todays_slate') }}
    where forecast_id is not null

),

forecasts as (

    select * from {{ ref('int_forecasts__lined') }}
    where game_date = {{ slate_date() }}

),

distributions as (

    select * from {{ ref('stg_forecasts__distributions') }}

),

final as (

    select
        {{ row_id(['slate.forecast_id', 'distributions.value']) }} as distribution_row_id,
        slate.forecast_id,
        slate.run_mode,
        slate.game_date,
        slate.player_id,
        slate.player_name,
        slate.market,
        distributions.value,
        distributions.cumulative_probability
    from slate
    inner join forecasts
        on slate.forecast_id = forecasts.forecast_id
    inner join distributions
        on
            forecasts.forecast_id = distributions.forecast_id
            and forecasts.forecast_date = distributions.game_date

)

select * from final
