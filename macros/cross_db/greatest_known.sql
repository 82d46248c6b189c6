{# The largest of the values that are there. DuckDB's greatest skips nulls, BigQuery's returns null. #}
{% macro greatest_known(values) %}{{ return(adapter.dispatch('greatest_known', 'nba_props')(values)) }}{% endmacro %}

{% macro default__greatest_known(values) -%}
    greatest({{ values | join(', ') }})
{%- endmacro %}

{% macro bigquery__greatest_known(values) -%}
    (select max(value) from unnest([{{ values | join(', ') }}]) as value)
{%- endmacro %}
