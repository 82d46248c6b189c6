{# An integer sum over a named window. DuckDB sums into 128 bits, which BigQuery has not and which are slow to read. #}
{% macro window_sum(expression, window) -%}
    cast(sum({{ expression }}) over {{ window }} as {{ dbt.type_bigint() }})
{%- endmacro %}
