{# Shift an instant by whole minutes; dbt.dateadd drops the zone on BigQuery. #}
{% macro add_minutes(instant, minutes) %}{{ return(adapter.dispatch('add_minutes', 'nba_props')(instant, minutes)) }}{% endmacro %}

{% macro default__add_minutes(instant, minutes) -%}
    ({{ instant }} + to_minutes(cast({{ minutes }} as bigint)))
{%- endmacro %}

{% macro bigquery__add_minutes(instant, minutes) -%}
    timestamp_add({{ instant }}, interval cast({{ minutes }} as int64) minute)
{%- endmacro %}
