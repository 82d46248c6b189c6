{# Null for a zero or null divisor: DuckDB gives infinity, BigQuery an error. The division is in doubles on both. #}
{% macro safe_divide(numerator, denominator) -%}
    (cast({{ numerator }} as {{ type_double() }}) / nullif({{ denominator }}, 0))
{%- endmacro %}
