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
