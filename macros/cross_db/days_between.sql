{# Calendar days from one date to another; a bare minus is an INTERVAL on BigQuery. #}
{% macro days_between(start, finish) %}{{ return(adapter.dispatch('days_between', 'nba_props')(start, finish)) }}{% endmacro %}

{% macro default__days_between(start, finish) -%}
    date_diff('day', {{ start }}, {{ finish }})
{%- endmacro %}

{% macro bigquery__days_between(start, finish) -%}
    date_diff({{ finish }}, {{ start }}, day)
{%- endmacro %}
