{# Which side of the line a result fell on; a push is its own side, and nothing is said without a result or a line. #}
{% macro side_of_line(actual, line) -%}
    case
        when {{ actual }} is null or {{ line }} is null then null
        when {{ actual }} > {{ line }} then 'OVER'
        when {{ actual }} < {{ line }} then 'UNDER'
        else 'PUSH'
    end
{%- endmacro %}

{# True or false for a bet that was made; null for a push, a pass, or no line. #}
{% macro bet_won(recommendation, line_result) -%}
    case
        when {{ recommendation }} not in ('OVER', 'UNDER') then null
        when {{ line_result }} is null or {{ line_result }} = 'PUSH' then null
        else {{ recommendation }} = {{ line_result }}
    end
{%- endmacro %}

{# Profit of a stake of one at the price that stood: 0 for a push, -1 for a loss, null where nothing was staked or it was void. #}
{% macro bet_profit(recommendation, line_result, over_price, under_price) -%}
    case
        when {{ recommendation }} not in ('OVER', 'UNDER') or {{ line_result }} is null then null
        when {{ line_result }} = 'PUSH' then 0.0
        when {{ recommendation }} != {{ line_result }} then -1.0
        when {{ recommendation }} = 'OVER' then {{ profit_of_one(over_price) }}
        else {{ profit_of_one(under_price) }}
    end
{%- endmacro %}

{#
    What the books thought of the side taken in the end, less what its price needed: positive where the price was better than
    the close. Null without a bet, and where the closing line is another, since its probability is that of another bet.
#}
{% macro closing_line_value(recommendation, line, closing_line, closing_over, over_price, under_price) -%}
    case
        when {{ line }} = {{ closing_line }} and {{ recommendation }} = 'OVER'
            then {{ closing_over }} - {{ implied_probability(over_price) }}
        when {{ line }} = {{ closing_line }} and {{ recommendation }} = 'UNDER'
            then 1 - {{ closing_over }} - {{ implied_probability(under_price) }}
    end
{%- endmacro %}

{#
    CTEs up to `scored`: graded predictions with the log-loss of the published probability, of the system's own and of the
    books', and the published one's Brier score; given that it is no push, and all four on the same rows: where the published one
    is known and a side came in.
    graded: CTE with the three probabilities and line_result.
#}
{% macro scored_probabilities(graded) %}
judged_sides as (

    select
        *,
        case
            when line_result in ('OVER', 'UNDER') and probability_over is not null
                then line_result = 'OVER'
        end as is_over,
        {{ given_no_push('probability_over', 'probability_under') }} as over_given_no_push,
        {{ given_no_push('model_probability_over', 'model_probability_under') }}
            as model_over_given_no_push
    from {{ graded }}

),

scored as (

    select
        *,
        {{ log_loss(logit('over_given_no_push'), 'is_over') }} as log_loss,
        {{ log_loss(logit('model_over_given_no_push'), 'is_over') }} as model_log_loss,
        {{ log_loss(logit('market_over_probability'), 'is_over') }} as market_log_loss,
        case
            when is_over then (1 - over_given_no_push) * (1 - over_given_no_push)
            when not is_over then over_given_no_push * over_given_no_push
        end as brier_score
    from judged_sides

)
{% endmacro %}
