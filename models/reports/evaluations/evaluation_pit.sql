-- Tenths of the probability integral transform: of a calibrated forecast a tenth of the outcomes falls into each, also of counts.
{% set million = 'cast(round(1000000 * ({})) as ' ~ dbt.type_bigint() ~ ')' %}

with scores as (

    select * from {{ ref('stg_evaluations__scores') }}
    where pit_high > pit_low

),

summed as (

    select
        evaluation_id,
        market,
        system,
        -- What of the step that the outcome made lies below the tenth's upper end.
        {% for tenth in range(10) -%}
            {{ integer_sum(million.format(
                'case'
                ~ ' when pit_high <= ' ~ (tenth + 1) / 10 ~ ' then 1.0'
                ~ ' when pit_low >= ' ~ (tenth + 1) / 10 ~ ' then 0.0'
                ~ ' else (' ~ (tenth + 1) / 10 ~ ' - pit_low) / (pit_high - pit_low) end'
            )) }} as below_{{ tenth + 1 }},
        {% endfor -%}
        count(*) as n
    from scores
    group by evaluation_id, market, system

),

tenths as (

    {% for tenth in range(10) -%}
        select
            evaluation_id,
            market,
            system,
            cast({{ tenth }} as {{ dbt.type_bigint() }}) as tenth,
            n,
            below_{{ tenth + 1 }}{{ ' - below_' ~ tenth if tenth }} as inside
        from summed
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'tenth']) }} as evaluation_pit_id,
        evaluation_id,
        market,
        system,
        tenth,
        n,
        {{ safe_divide('inside', '1000000 * n') }} as share
    from tenths

)

select * from final
