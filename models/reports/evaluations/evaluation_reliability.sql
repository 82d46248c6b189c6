-- Tenths of P(over): how often the over came where it was said with such a probability.
{% set probabilities = {
    'published': 'probability', 'alone': 'model_probability', 'market': 'market_probability',
} %}
{% set million = 'cast(round(1000000 * {}) as ' ~ dbt.type_bigint() ~ ')' %}

with published as (

    select * from {{ ref('int_evaluations__published') }}
    where is_over is not null

),

said as (

    {% for name, column in probabilities.items() -%}
        select
            evaluation_id,
            market,
            system,
            '{{ name }}' as probability_of,
            {{ column }} as probability,
            is_over
        from published
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

tenths as (

    select
        *,
        cast(case
            {% for tenth in range(9) -%}
                when probability < {{ (tenth + 1) / 10 }} then {{ tenth }}
            {% endfor -%}
            else 9
        end as {{ dbt.type_bigint() }}) as tenth
    from said

),

counted as (

    select
        evaluation_id,
        market,
        system,
        probability_of,
        tenth,
        count(*) as n,
        count(case when is_over then 1 end) as n_over,
        {{ integer_sum(million.format('probability')) }} as probability
    from tenths
    group by evaluation_id, market, system, probability_of, tenth

),

shares as (

    select
        *,
        {{ safe_divide('probability', '1000000 * n') }} as mean_probability,
        {{ safe_divide('n_over', 'n') }} as over_share
    from counted

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'probability_of', 'tenth']) }}
            as evaluation_reliability_id,
        evaluation_id,
        market,
        system,
        probability_of,
        tenth,
        n,
        mean_probability,
        over_share,
        -- Where the share lies in 19 of 20 cases if what was said is true.
        1.96 * sqrt({{ safe_divide('mean_probability * (1 - mean_probability)', 'n') }}) as margin
    from shares

)

select * from final
