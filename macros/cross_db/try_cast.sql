{# dbt.safe_cast is a plain cast on DuckDB and raises. #}
{% macro try_cast(expression, type) %}{{ return(adapter.dispatch('try_cast', 'nba_props')(expression, type)) }}{% endmacro %}

{% macro default__try_cast(expression, type) -%}
    try_cast({{ expression }} as {{ type }})
{%- endmacro %}

{% macro bigquery__try_cast(expression, type) -%}
    safe_cast({{ expression }} as {{ type }})
{%- endmacro %}
