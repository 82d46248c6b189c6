-- Tonight's published forecasts, a row a player and market, with all that a page shows of one; the best call first.
with slate as (

    select * from {{ ref('todays_slate') }}
    where forecast_id is not null

),

predictions as (

    select * from {{ ref('player_prop_predictions') }}
    where game_date = {{ slate_date() }}

),

markets as (

    select * from {{ ref('markets') }}

),

final as (

    select
        slate.forecast_id,
        row_number() over (
            order by
                case slate.recommendation
                    when 'OVER' then 0 when 'UNDER' then 0 when 'PASS' then 1 else 2
                end asc,
                slate.edge desc nulls last,
                slate.tipoff_at asc,
                slate.player_name asc,
                slate.market asc,
                slate.forecast_id asc
        ) as card_number,
        slate.game_date,
        predictions.game_id,
        slate.tipoff_at,
        slate.player_id,
        slate.player_name,
        slate.team_abbreviation,
        slate.opponent_abbreviation,
        slate.is_home,
        slate.market,
        markets.label as market_label,
        slate.run_mode,
        slate.as_of,
        slate.information_set,
        slate.line,
        predictions.opening_line,
        slate.over_price_american,
        predictions.best_over_bookmaker,
        slate.under_price_american,
        predictions.best_under_bookmaker,
        slate.books,
        predictions.line_known_at,
        round(slate.predicted_value, 2) as predicted_value,
        slate.quantile_10,
        predictions.quantile_25,
        slate.quantile_50,
        predictions.quantile_75,
        slate.quantile_90,
        round(slate.probability_over, 4) as probability_over,
        round(predictions.probability_push, 4) as probability_push,
        round(predictions.probability_under, 4) as probability_under,
        round(predictions.model_probability_over, 4) as model_probability_over,
        round(predictions.calibration_weight, 2) as calibration_weight,
        -- Not rounded: a mean of few books lies halfway between two digits, which engines round apart.
        slate.market_over_probability,
        round(predictions.over_expected_value, 4) as over_expected_value,
        round(predictions.under_expected_value, 4) as under_expected_value,
        round(slate.edge, 4) as edge,
        slate.recommendation,
        round(predictions.stake_share, 4) as stake_share,
        slate.confidence,
        slate.quality_tier,
        slate.quality_issues
    from slate
    inner join predictions
        on slate.forecast_id = predictions.forecast_id
    inner join markets
        on slate.market = markets.market

)

select * from final
