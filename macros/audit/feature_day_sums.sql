{#
    CTEs up to `day_sums`: of each day and model input how many rows there are, how many know it, and the sums of its values and
    of their squares, in thousandths. One information set stands for all: LINE knows the most, by the same SQL.
    Which inputs there are the seed feature_contract says.
#}
{% macro feature_day_sums(relation) %}
{%- set seed = ref('feature_contract') -%}
{%- set inputs = [] -%}
{%- if execute and load_relation(seed) is not none -%}
    {%- set inputs = run_query(
        'select feature, minimum from ' ~ seed ~ ' where is_model_input order by feature').rows -%}
{%- endif -%}
thousandths as (

    select
        game_date
        {%- for feature, minimum in inputs %},
        cast(round(1000 * {{ feature if minimum is not none
            else 'cast(' ~ feature ~ ' as ' ~ dbt.type_bigint() ~ ')' }}) as {{ dbt.type_bigint() }}) as {{ feature }}
        {%- endfor %}
    from {{ relation }}
    where information_set = 'LINE'

),

wide_days as (

    select
        game_date,
        count(*) as n_rows
        {%- for feature, _ in inputs %},
        count({{ feature }}) as n_{{ feature }},
        {{ integer_sum(feature) }} as s_{{ feature }},
        {{ integer_sum(feature ~ ' * ' ~ feature) }} as q_{{ feature }}
        {%- endfor %}
    from thousandths
    group by game_date

),

day_sums as (

    select
        wide_days.game_date,
        contract.feature,
        wide_days.n_rows
        {%- for name, prefix in [('n_known', 'n_'), ('value_sum', 's_'), ('square_sum', 'q_')] %},
        case contract.feature
            when '' then null
            {%- for feature, _ in inputs %}
            when '{{ feature }}' then wide_days.{{ prefix }}{{ feature }}
            {%- endfor %}
        end as {{ name }}
        {%- endfor %}
    from wide_days
    cross join {{ seed }} as contract
    where contract.is_model_input

)
{% endmacro %}
