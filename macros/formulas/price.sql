{# Win probability that an American price implies, overround included. Prices between -100 and 100 do not exist. #}
{% macro implied_probability(american) -%}
    case
        when {{ american }} >= 100 then {{ safe_divide('100', american ~ ' + 100') }}
        when {{ american }} <= -100 then {{ safe_divide('-' ~ american, '100 - ' ~ american) }}
    end
{%- endmacro %}

{# Probability of the over with the overround taken off in proportion. Null when one side is missing. #}
{% macro devigged_over(over_price, under_price) -%}
    {{ safe_divide(
        implied_probability(over_price),
        '(' ~ implied_probability(over_price) ~ ') + (' ~ implied_probability(under_price) ~ ')'
    ) }}
{%- endmacro %}

{# Profit of a winning stake of one. #}
{% macro profit_of_one(american) -%}
    case
        when {{ american }} >= 100 then {{ safe_divide(american, '100') }}
        when {{ american }} <= -100 then {{ safe_divide('100', '-' ~ american) }}
    end
{%- endmacro %}
