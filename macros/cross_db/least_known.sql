{# The smallest of the values that are there. DuckDB's least skips nulls, BigQuery's returns null. #}
{% macro least_known(values) %}{{ return(adapter.dispatch('least_known', 'nba_props')(values)) }}{% endmacro %}

{% macro default__least_known(values) -%}
    least({{ values | join(', ') }})
{%- endmacro %}

{% macro bigquery__least_known(values) -%}
    (select min(value) from unnest([{{ values | join(', ') }}]) as value)
{%- endmacro %}
