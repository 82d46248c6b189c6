{# The instant at which clocks in New York show the given whole hour of a date. #}
{% macro eastern_instant(date, hour) %}{{ return(adapter.dispatch('eastern_instant', 'nba_props')(date, hour)) }}{% endmacro %}

{% macro default__eastern_instant(date, hour) -%}
    timezone('America/New_York', cast({{ date }} as timestamp) + to_hours(cast({{ hour }} as int)))
{%- endmacro %}

{% macro bigquery__eastern_instant(date, hour) -%}
    timestamp(datetime_add(datetime({{ date }}), interval cast({{ hour }} as int64) hour), 'America/New_York')
{%- endmacro %}
