{{ config(materialized='view') }}

{% set certain = 0.0001 %}
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
        {{ safe_divide(
            'predictions.probability_over',
            'predictions.probability_over + predictions.probability_under'
        ) }} as called_probability,
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
        {% for name, probability in [
            ('log_loss', 'called_probability'), ('market_log_loss', 'market_over_probability')
        ] -%}
            -- who is certain and wrong pays a finite price
            case is_over
                when 1 then -ln(
                    case when {{ probability }} < {{ certain }} then {{ certain }}
                        else {{ probability }} end
                )
                when 0 then -ln(
                    case when 1 - {{ probability }} < {{ certain }} then {{ certain }}
                        else 1 - {{ probability }} end
                )
            end as {{ name }},
        {% endfor -%}
        is_won,
        profit,
        cast(null as {{ type_double() }}) as clv
    from called

)

select * from final
