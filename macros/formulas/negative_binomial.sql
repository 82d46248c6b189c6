{#
    CTEs up to `distributions`: (key, value, cumulative_probability) for value = 0, 1, ..., last. A negative binomial of
    mean m and variance v has size n = m^2 / (v - m) and success p = m / v: its first probability is p^n, and each one is the one
    before times (n + k - 1) / k * (1 - p). Added up in logarithms and rounded, so that both engines say the same.
    relation: CTE (key, mean, variance); last: SQL of the last value, from its columns. No rows where the variance is not
    above the mean.
#}
{% macro negative_binomial(relation, key, last) %}
shapes as (

    select
        {{ key }},
        cast(ceil({{ last }}) as {{ dbt.type_bigint() }}) as last_value,
        mean * mean / (variance - mean) as size,
        mean * mean / (variance - mean) * ln(mean / variance) as log_of_none,
        ln((variance - mean) / variance) as log_of_failure
    from {{ relation }}
    where mean > 0 and variance > mean

),

outcomes as (

    {{ whole_numbers('shapes', 'last_value', [key, 'size', 'log_of_none', 'log_of_failure']) }}

),

likelihoods as (

    select
        {{ key }},
        value,
        exp(sum(
            case
                when value = 0 then log_of_none
                else ln((size + value - 1) / value) + log_of_failure
            end
        ) over (
            partition by {{ key }} order by value asc
            rows between unbounded preceding and current row
        )) as probability
    from outcomes

),

distributions as (

    select
        {{ key }},
        value,
        least(round(sum(probability) over (
            partition by {{ key }} order by value asc
            rows between unbounded preceding and current row
        ), 12), 1.0) as cumulative_probability
    from likelihoods

)
{% endmacro %}

{#
    An outcome below which nine tenths surely lie: by Cantelli's inequality at most a tenth is three standard deviations above
    the mean, or higher.
#}
{% macro outcome_above_most(mean, variance) -%}
    {{ mean }} + 3 * sqrt({{ variance }})
{%- endmacro %}

{# An outcome that less than 1e-12 lies above, whatever the mean and the variance. #}
{% macro outcome_above_all(mean, variance) -%}
    {{ mean }} + 6 * sqrt({{ variance }}) + 24 * {{ variance }} / {{ mean }}
{%- endmacro %}
