-- The range that the seed feature_contract declares, over the rows of the last build.
-- Null is within every range.
{% set ranges = [] %}
{% set seed = ref('feature_contract') %}
{% if execute and adapter.get_relation(seed.database, seed.schema, seed.identifier) is not none %}
    {% set ranges = run_query(
        'select feature, minimum, maximum from ' ~ seed
        ~ ' where minimum is not null and maximum is not null order by feature'
    ).rows %}
{% endif %}
with last_build as (

    select max(built_as_of) as as_of
    from {{ ref('ml_feature_store') }}

),

features as (

    select features.*
    from {{ ref('ml_feature_store') }} as features
    inner join last_build
        on features.built_as_of = last_build.as_of

)

select
    feature_row_id,
    game_date,
    case
        {% for feature, minimum, maximum in ranges -%}
            when {{ feature }} not between {{ minimum }} and {{ maximum }} then '{{ feature }}'
        {% endfor -%}
        else 'none'
    end as feature
from features
where
    false
{% for feature, minimum, maximum in ranges -%}
        or {{ feature }} not between {{ minimum }} and {{ maximum }}
    {% endfor -%}
