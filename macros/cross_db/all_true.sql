{# True when every row is true; min() of a boolean exists on DuckDB only. #}
{% macro all_true(condition) %}{{ return(adapter.dispatch('all_true', 'nba_props')(condition)) }}{% endmacro %}

{% macro default__all_true(condition) -%}
    bool_and({{ condition }})
{%- endmacro %}

{% macro bigquery__all_true(condition) -%}
    logical_and({{ condition }})
{%- endmacro %}
