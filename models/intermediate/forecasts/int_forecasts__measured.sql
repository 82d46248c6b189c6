{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecasts__lined')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

-- What each system alone says of its line: quantiles and probabilities of the distribution with its mean and variance.
with lined as (

    select * from {{ ref('int_forecasts__lined') }}
    where {{ rebuild_changed(ref('int_forecasts__lined'), 'forecast_id', also=['model_version']) }}

),

-- As far as the upper quantile and the line; where nothing is left, no further.
{% set last -%}
    greatest(
        {{ outcome_above_most('mean', 'variance') }},
        least(coalesce(line, 0), {{ outcome_above_all('mean', 'variance') }})
    )
{%- endset %}
{{ negative_binomial('lined', 'forecast_id', last) }},

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
        on lined.forecast_id = distributions.forecast_id
    group by lined.forecast_id

),

final as (

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
    left join measured
        on lined.forecast_id = measured.forecast_id

)

select * from final
