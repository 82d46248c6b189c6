-- The whole distributions behind tonight's slate, for a line that no book offers.
with slate as (

    select * from {{ ref('todays_slate') }}
    where forecast_id is not null

),

forecasts as (

    select
        forecast_id,
        mean,
        variance
    from {{ ref('int_forecasts__lined') }}
    where game_date = {{ slate_date() }} and system = '{{ var("published_system") }}'

),

{{ negative_binomial('forecasts', 'forecast_id', outcome_above_all('mean', 'variance')) }},

steps as (

    select
        distributions.*,
        lag(cumulative_probability) over (partition by forecast_id order by value asc)
            as probability_before
    from distributions

),

final as (

    select
        {{ row_id(['slate.forecast_id', 'steps.value']) }} as distribution_row_id,
        slate.forecast_id,
        slate.run_mode,
        slate.game_date,
        slate.player_id,
        slate.player_name,
        slate.market,
        steps.value,
        steps.cumulative_probability
    from slate
    inner join steps
        on slate.forecast_id = steps.forecast_id
    -- Until nothing worth a row is left.
    where steps.probability_before is null or steps.probability_before < 0.99999

)

select * from final
