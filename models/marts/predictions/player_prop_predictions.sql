{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecasts__calibrated')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

-- Each forecast with what is published of it: probabilities of the line that stood, worth of a bet, call and stake.
with calibrated as (

    select * from {{ ref('int_forecasts__calibrated') }}
    where {{ rebuild_changed(
        ref('int_forecasts__calibrated'), 'forecast_id', also=['model_version', 'calibration_weight']
    ) }}

),

priced as (

    select
        *,
        {{ profit_of_one('over_price_american') }} as over_profit,
        {{ profit_of_one('under_price_american') }} as under_profit
    from calibrated

),

valued as (

    select
        *,
        published_over_probability * over_profit - published_under_probability
            as over_expected_value,
        published_under_probability * under_profit - published_over_probability
            as under_expected_value
    from priced

),

called as (

    select
        *,
        {{ recommendation(
            'line', 'over_expected_value', 'under_expected_value', var('recommendation_min_edge')
        ) }} as recommendation
    from valued

),

{{ game_stakes('called') }},

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
        probability_over as model_probability_over,
        probability_push as model_probability_push,
        probability_under as model_probability_under,
        calibration_weight,
        published_over_probability as probability_over,
        published_push_probability as probability_push,
        published_under_probability as probability_under,
        over_expected_value,
        under_expected_value,
        {{ greatest_known(['over_expected_value', 'under_expected_value']) }} as edge,
        recommendation,
        stake_share,
        {{ confidence(
            'recommendation', 'published_over_probability', 'published_under_probability',
            'quality_score'
        ) }} as confidence,
        quality_score,
        {{ quality_tier('quality_score') }} as quality_tier,
        quality_issues,
        feature_source_load_id,
        source_load_id,
        loaded_at
    from staked

)

select * from final
