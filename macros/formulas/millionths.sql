{# A sum of doubles that ends alike in every build and engine: of their millionths, as integers. Null where there are none. #}
{% macro sum_in_millionths(value) -%}
    {{ safe_divide(
        'sum(cast(round(1000000 * (' ~ value ~ ')) as ' ~ dbt.type_bigint() ~ '))', '1000000'
    ) }}
{%- endmacro %}

{# The mean of a double over the rows that have it; null where none has. #}
{% macro mean_in_millionths(value) -%}
    {{ safe_divide(
        'sum(cast(round(1000000 * (' ~ value ~ ')) as ' ~ dbt.type_bigint() ~ '))',
        '1000000 * count(' ~ value ~ ')'
    ) }}
{%- endmacro %}
