{# Whole minutes from one instant to a later one. #}
{% macro minutes_between(start, finish) %}{{ return(adapter.dispatch('minutes_between', 'nba_props')(start, finish)) }}{% endmacro %}

{% macro default__minutes_between(start, finish) -%}
    date_sub('minute', {{ start }}, {{ finish }})
{%- endmacro %}

{% macro bigquery__minutes_between(start, finish) -%}
    timestamp_diff({{ finish }}, {{ start }}, minute)
{%- endmacro %}
