{# Win probability that an American price implies, overround included. Prices between -100 and 100 do not exist. #}
{% macro implied_probability(american) -%}
    case
        when {{ american }} >= 100 then {{ safe_divide('100', american ~ ' + 100') }}
        when {{ american }} <= -100 then {{ safe_divide('-' ~ american, '100 - ' ~ american) }}
    end
{%- endmacro %}

{# Profit of a winning stake of one. #}
{% macro profit_of_one(american) -%}
    case
        when {{ american }} >= 100 then {{ safe_divide(american, '100') }}
        when {{ american }} <= -100 then {{ safe_divide('100', '-' ~ american) }}
    end
{%- endmacro %}

{#
    CTEs up to `devigged`: quotes with over_probability, the overround taken off as the var devig says; null where a side is
    missing. With o and u as what the prices imply:
    multiplicative: o / (o + u). shin: (1 + o - u) / 2, since for two outcomes Shin's method is the additive one.
    power: o^k with o^k + u^k = 1, by Newton's steps from below the root, where they never overshoot.
    quotes: CTE with over_price_american and under_price_american.
#}
{% macro devig(quotes) %}
{%- set method = var('devig') -%}
{%- if method not in ['multiplicative', 'power', 'shin'] -%}
    {{ exceptions.raise_compiler_error("var devig is " ~ method ~ ": multiplicative, power or shin") }}
{%- endif %}
implied as (

    select
        {{ quotes }}.*,
        {{ implied_probability('over_price_american') }} as over_implied,
        {{ implied_probability('under_price_american') }} as under_implied
    from {{ quotes }}

),

{% if method == 'power' -%}
exponents_0 as (

    select
        *,
        -2 * ln(2) / (ln(over_implied) + ln(under_implied)) as exponent_0
    from implied

),

{# Seven steps bring every pair of prices from -10000 to 5000 within 1e-12. -#}
{% for step in range(1, 9) -%}
exponents_{{ step }} as (

    select
        *,
        exponent_{{ step - 1 }}
        - (
            pow(over_implied, exponent_{{ step - 1 }})
            + pow(under_implied, exponent_{{ step - 1 }}) - 1
        ) / (
            pow(over_implied, exponent_{{ step - 1 }}) * ln(over_implied)
            + pow(under_implied, exponent_{{ step - 1 }}) * ln(under_implied)
        ) as exponent_{{ step }}
    from exponents_{{ step - 1 }}

),

{% endfor -%}
{%- endif -%}
devigged as (

    select
        *,
        {% if method == 'power' -%}
            pow(over_implied, exponent_8) as over_probability
        {%- elif method == 'shin' -%}
            (1 + over_implied - under_implied) / 2 as over_probability
        {%- else -%}
            {{ safe_divide('over_implied', 'over_implied + under_implied') }} as over_probability
        {%- endif %}
    from {{ 'exponents_8' if method == 'power' else 'implied' }}

)
{% endmacro %}

{# Log odds; what is surer than a millionth counts as that sure, so that no odds are infinite. #}
{% macro logit(probability) -%}
    case
        when {{ probability }} <= 0.000001 then -13.815509557963774
        when {{ probability }} >= 0.999999 then 13.815509557963774
        else ln(({{ probability }}) / (1 - ({{ probability }})))
    end
{%- endmacro %}

{# The probability of log odds. #}
{% macro from_logit(log_odds) -%}
    (1 / (1 + exp(-({{ log_odds }}))))
{%- endmacro %}

{# Minus the logarithm of the probability that was given to what happened; null where nothing was said or nothing happened. #}
{% macro log_loss(log_odds, has_happened) -%}
    ln(1 + exp(case when {{ has_happened }} then -({{ log_odds }}) when not {{ has_happened }} then {{ log_odds }} end))
{%- endmacro %}

{# Of two sides, given that it is no push: the probability of the first. #}
{% macro given_no_push(probability, other) -%}
    {{ safe_divide(probability, '(' ~ probability ~ ') + (' ~ other ~ ')') }}
{%- endmacro %}

{#
    Share of the bankroll: the fraction of Kelly's stake, no less than nothing and no more than the cap. A push returns the
    stake and has no say: the share that lets the logarithm grow most is (win * profit - loss) / (profit * (win + loss)).
#}
{% macro kelly(profit, win, loss, fraction, cap) -%}
    {%- set share = fraction ~ ' * ' ~ safe_divide(
        '(' ~ win ~ ') * (' ~ profit ~ ') - (' ~ loss ~ ')',
        '(' ~ profit ~ ') * ((' ~ win ~ ') + (' ~ loss ~ '))'
    ) -%}
    case
        when {{ share }} <= 0 then 0.0
        when {{ share }} >= {{ cap }} then {{ cap }}
        else {{ share }}
    end
{%- endmacro %}

{# Whether three of them are there, between 0 and 1, and 1 together. #}
{% macro are_probabilities(over, push, under) -%}
    coalesce(
        {{ over }} between 0 and 1 and {{ push }} between 0 and 1 and {{ under }} between 0 and 1
        and abs({{ over }} + {{ push }} + {{ under }} - 1) < 0.000001, false
    )
{%- endmacro %}

{#
    Whether a prediction's probabilities cannot be: the system's own wherever there is a line, the published ones wherever the
    books' are known.
#}
{% macro has_wrong_probabilities() -%}
    (
        (line is not null and not {{ are_probabilities(
            'model_probability_over', 'model_probability_push', 'model_probability_under'
        ) }})
        or (market_over_probability is not null and not {{ are_probabilities(
            'probability_over', 'probability_push', 'probability_under'
        ) }})
    )
{%- endmacro %}
