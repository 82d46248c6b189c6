{#
    Each feature of each date of the last build: how many rows leave its range, and among settled players (ten games behind
    them, one of it in the last week) for how many it is known, and how far it spreads. On an opening day nothing varies yet.
    Information set LINE stands for all: it knows the most, by the same SQL. Which features there are, and between what, the seed feature_contract says.
#}
{% macro profiled_features(relation) %}
{%- set seed = ref('feature_contract') -%}
{%- set contract = [] -%}
{%- if execute and load_relation(seed) is not none -%}
    {%- set contract = run_query(
        'select feature, minimum, maximum from ' ~ seed ~ ' order by feature').rows -%}
{%- endif -%}
{%- set numbers = contract | rejectattr(1, 'none') | list -%}
last_build as (

    select features.*
    from {{ relation }} as features
    inner join (select max(built_as_of) as built_as_of from {{ relation }}) as latest
        on features.built_as_of = latest.built_as_of
    where features.information_set = 'LINE'

),

ranges as (

    select
        game_date
        {%- for feature, minimum, maximum in numbers %},
        count(case when {{ feature }} not between {{ minimum }} and {{ maximum }} then 1 end)
            as b_{{ feature }}
        {%- endfor %}
    from last_build
    group by game_date

),

spreads as (

    select
        game_date,
        count(*) as settled_rows
        {%- for feature, minimum, _ in contract %}
        {%- set number = feature if minimum is not none
            else 'cast(' ~ feature ~ ' as ' ~ dbt.type_bigint() ~ ')' %},
        count({{ feature }}) as n_{{ feature }},
        max({{ number }}) - min({{ number }}) as s_{{ feature }}
        {%- endfor %}
    from last_build
    where career_games >= 10 and games_in_last_7_days >= 1
    group by game_date

),

profiles as (

    select
        ranges.game_date,
        contract.feature,
        contract.varies,
        contract.is_always_known,
        coalesce(spreads.settled_rows, 0) as settled_rows,
        {%- for name, table, prefix, features, otherwise in [
            ('known_rows', 'spreads', 'n_', contract, 0), ('spread', 'spreads', 's_', contract, 'null'),
            ('rows_beyond', 'ranges', 'b_', numbers, 0),
        ] %}
        cast(
            case contract.feature
                when '' then null
                {%- for feature, _, _ in features %}
                when '{{ feature }}' then {{ table }}.{{ prefix }}{{ feature }}
                {%- endfor %}
                else {{ otherwise }}
            end as {{ type_double() }}
        ) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from ranges
    left join spreads
        on ranges.game_date = spreads.game_date
    cross join {{ seed }} as contract

)
{% endmacro %}
