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
last_build as (

    select
        features.*,
        features.career_games >= 10 and features.games_in_last_7_days >= 1 as is_settled_player
    from {{ relation }} as features
    inner join (select max(built_as_of) as built_as_of from {{ relation }}) as latest
        on features.built_as_of = latest.built_as_of
    where features.information_set = 'LINE'

),

wide as (

    select
        game_date,
        count(case when is_settled_player then 1 end) as settled_rows
        {%- for feature, minimum, maximum in contract %}
        {%- set number = 'cast(cast(' ~ feature ~ ' as ' ~ dbt.type_bigint() ~ ') as ' ~ type_double() ~ ')'
            if minimum is none else 'cast(' ~ feature ~ ' as ' ~ type_double() ~ ')' %},
        count(case when is_settled_player then {{ feature }} end) as n_{{ feature }},
        max(case when is_settled_player then {{ number }} end)
        - min(case when is_settled_player then {{ number }} end) as s_{{ feature }},
        {% if minimum is none -%}
        0 as b_{{ feature }}
        {%- else -%}
        count(case when {{ feature }} not between {{ minimum }} and {{ maximum }} then 1 end)
            as b_{{ feature }}
        {%- endif %}
        {%- endfor %}
    from last_build
    group by game_date

),

profiles as (

    select
        wide.game_date,
        contract.feature,
        contract.varies,
        contract.is_always_known,
        wide.settled_rows,
        {%- for name, prefix, kind in [
            ('known_rows', 'n_', dbt.type_bigint()), ('spread', 's_', type_double()),
            ('rows_beyond', 'b_', dbt.type_bigint()),
        ] %}
        case contract.feature
            when '' then cast(null as {{ kind }})
            {%- for feature, _, _ in contract %}
            when '{{ feature }}' then wide.{{ prefix }}{{ feature }}
            {%- endfor %}
        end as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from wide
    cross join {{ seed }} as contract

)
{% endmacro %}
