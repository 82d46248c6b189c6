{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecasts__measured')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

{% set is_changed = rebuild_changed(
    ref('int_forecasts__measured'), 'forecast_id', also=['model_version']
) %}
-- Each forecast with what its distribution says of the line that stood: quantiles, probabilities, worth of a bet, call.
with measured as (

    select * from {{ ref('int_forecasts__measured') }}
    where {{ is_changed }}

),

valued as (

    select
        measured.*,
        probability_over * ({{ profit_of_one('over_price_american') }}) - probability_under
            as over_expected_value,
        probability_under * ({{ profit_of_one('under_price_american') }}) - probability_over
            as under_expected_value
    from measured

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
