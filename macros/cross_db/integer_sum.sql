{# A sum of integers, over a window or a group. DuckDB sums into 128 bits, which BigQuery has not and which are slow to read. #}
{% macro integer_sum(expression, window=none) -%}
    cast(sum({{ expression }}) {{ 'over ' ~ window if window }} as {{ dbt.type_bigint() }})
{%- endmacro %}
