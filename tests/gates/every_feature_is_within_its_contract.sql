-- The range that the seed feature_contract declares, over the rows of the last build.
-- Null is within every range. The rows of LINE stand for all: they know the most, by the same SQL.
{% set beyond = [] %}
{% set named = [] %}
{% set seed = ref('feature_contract') %}
{% if execute and adapter.get_relation(seed.database, seed.schema, seed.identifier) is not none %}
    {% set ranges = run_query(
        'select feature, minimum, maximum from ' ~ seed
        ~ ' where minimum is not null and maximum is not null order by feature'
    ).rows %}
    {% for feature, minimum, maximum in ranges %}
        {% set is_beyond = feature ~ ' not between ' ~ minimum ~ ' and ' ~ maximum %}
        {% do beyond.append(is_beyond) %}
        {% do named.append('when ' ~ is_beyond ~ " then '" ~ feature ~ "'") %}
    {% endfor %}
{% endif %}
with last_build as (

    select max(built_as_of) as as_of
    from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

features as (

    select features.*
    from {{ ref('ml_feature_store') }} as features
    inner join last_build
        on features.built_as_of = last_build.as_of
    where {{ every_game_date('features.game_date') }} and features.information_set = 'LINE'

)

select
    feature_row_id,
    game_date,
    case {{ named | join(' ') or 'when false then null' }} end as feature
from features
where {{ beyond | join(' or ') or 'false' }}
