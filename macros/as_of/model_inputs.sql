{#
    The columns that models read, as whole numbers: millionths, because sums of
    doubles end differently from build to build. Which columns there are the seed feature_contract says.
#}
{% macro model_inputs(relation) %}
    {%- set seed = ref('feature_contract') -%}
    {%- set inputs = [] -%}
    {%- if execute and load_relation(seed) is not none -%}
        {%- for feature, minimum in run_query(
            'select feature, minimum from ' ~ seed ~ ' where is_model_input order by feature').rows -%}
            {%- set column = relation ~ '.' ~ feature -%}
            {%- do inputs.append(
                'cast(' ~ column ~ ' as ' ~ dbt.type_bigint() ~ ')' if minimum is none
                else 'cast(round(1000000 * ' ~ column ~ ') as ' ~ dbt.type_bigint() ~ ')') -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(inputs) }}
{% endmacro %}
