{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecasts__lined')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

-- Each forecast with what its distribution says of the line that stood: quantiles, probabilities, worth of a bet, call.
with lined as (

    select * from {{ ref('int_forecasts__lined') }}
    where {{ rebuild_changed(ref('int_forecasts__lined'), 'forecast_id') }}

),

distributions as (

    select * from {{ ref('stg_forecasts__distributions') }}

),

measured as (

    select
        lined.forecast_id,
        {% for level in [10, 25, 50, 75, 90] -%}
            min(
                case
                    when distributions.cumulative_probability >= {{ level / 100 }}
                        then distributions.value
                end
            )
                as quantile_{{ level }},
        {% endfor -%}
        -- Up to the line, and below it: their difference is the push.
        max(
            case
                when distributions.value <= lined.line then distributions.cumulative_probability
                else 0
            end
        )
            as probability_up_to_line,
        max(
            case
                when distributions.value < lined.line then distributions.cumulative_probability
                else 0
            end
        )
            as probability_below_line
    from lined
    inner join distributions
        on
            lined.forecast_id = distributions.forecast_id
            and lined.forecast_date = distributions.game_date
    group by lined.forecast_id

),

priced as (

    select
        lined.*,
        measured.quantile_10,
        measured.quantile_25,
        measured.quantile_50,
        measured.quantile_75,
        measured.quantile_90,
        case when lined.line is not null then 1 - measured.probability_up_to_line end
            as probability_over,
        case
            when lined.line is not null
                then measured.probability_up_to_line - measured.probability_below_line
        end as probability_push,
        case when lined.line is not null then measured.probability_below_line end
            as probability_under
    from lined
    inner join measured
        on lined.forecast_id = measured.forecast_id

),

valued as (

    select
        priced.*,
        probability_over * ({{ profit_of_one('over_price_american') }}) - probability_under
            as over_expected_value,
        probability_under * ({{ profit_of_one('under_price_american') }}) - probability_over
            as under_expected_value
    from priced

),

final as (

    select
        forecast_id,
        run_id,
        system,
        run_mode,
        as_of,
        created_at,
        player_id,
        game_id,
        game_date,
        tipoff_at,
        information_set,
        cut_off_at,
        market,
        model_version,
        mean as predicted_value,
        variance as predicted_variance,
        quantile_10,
        quantile_25,
        quantile_50,
        quantile_75,
        quantile_90,
        line,
        opening_line,
        books,
        over_price_american,
        under_price_american,
        best_over_bookmaker,
        best_under_bookmaker,
        line_known_at,
        market_over_probability,
        probability_over,
        probability_push,
        probability_under,
        over_expected_value,
        under_expected_value,
        {{ greatest_known(['over_expected_value', 'under_expected_value']) }} as edge,
        {{ recommendation(
            'line', 'over_expected_value', 'under_expected_value', var('recommendation_min_edge')
        ) }} as recommendation,
        {{ confidence('probability_over', 'probability_under', 'quality_score') }} as confidence,
        quality_score,
        {{ quality_tier('quality_score') }} as quality_tier,
        quality_issues,
        feature_source_load_id,
        source_load_id,
        loaded_at
    from valued

)

select * from final
