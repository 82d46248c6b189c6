{{ config(materialized='view') }}

-- Every prediction that was graded, with what the record sums: error, log-loss, bets, each beside the market's.
-- depends_on: {{ ref('gate_predictions') }}
with accuracy as (

    select * from {{ ref('prediction_accuracy') }}
    where grade = 'graded'

),

predictions as (

    select * from {{ ref('active_player_prop_predictions') }}

),

called as (

    select
        accuracy.*,
        {{ given_no_push('predictions.probability_over', 'predictions.probability_under') }}
            as called_probability,
        cast(
            case accuracy.line_result when 'OVER' then 1 when 'UNDER' then 0 end
            as {{ dbt.type_bigint() }}
        ) as is_over
    from accuracy
    inner join predictions
        on accuracy.forecast_id = predictions.forecast_id

),

final as (

    select
        forecast_id,
        run_mode,
        system,
        market,
        information_set,
        game_date,
        substr({{ to_text('game_date') }}, 1, 7) as month,
        cast(round(2 * absolute_error) as {{ dbt.type_bigint() }}) as absolute_error_x2,
        cast(round(2 * line_absolute_error) as {{ dbt.type_bigint() }}) as line_absolute_error_x2,
        called_probability,
        market_over_probability,
        is_over,
        log_loss,
        market_log_loss,
        is_won,
        profit,
        stake_share,
        closing_line_value as clv
    from called

)

select * from final
