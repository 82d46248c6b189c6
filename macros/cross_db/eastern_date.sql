{# The America/New_York calendar date of an instant. #}
{% macro eastern_date(instant) %}{{ return(adapter.dispatch('eastern_date', 'nba_props')(instant)) }}{% endmacro %}

{% macro default__eastern_date(instant) -%}
    cast(timezone('America/New_York', {{ instant }}) as date)
{%- endmacro %}

{% macro bigquery__eastern_date(instant) -%}
    date({{ instant }}, 'America/New_York')
{%- endmacro %}
