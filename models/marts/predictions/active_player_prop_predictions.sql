{{ config(materialized='view') }}

-- The one prediction of a key that counts: the last made before tip-off, by the clock of its mode. Live and replay never mix.
with predictions as (

    select * from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }}

),

{{ predictions_by_version('predictions') }},

final as (

    select
        forecast_id,
        run_id,
        system,
        run_mode,
        as_of,
        created_at,
        made_at,
        player_id,
        game_id,
        game_date,
        tipoff_at,
        information_set,
        cut_off_at,
        market,
        model_version,
        predicted_value,
        predicted_variance,
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
        model_probability_over,
        model_probability_push,
        model_probability_under,
        calibration_weight,
        probability_over,
        probability_push,
        probability_under,
        over_expected_value,
        under_expected_value,
        edge,
        recommendation,
        stake_share,
        confidence,
        quality_score,
        quality_tier,
        quality_issues,
        feature_source_load_id,
        source_load_id,
        loaded_at
    from ranked
    where recency = 1

)

select * from final
