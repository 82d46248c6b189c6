{# A date some days later, as a date: adding an interval makes a timestamp here and a datetime there. #}
{% macro add_days(date, days) %}{{ return(adapter.dispatch('add_days', 'nba_props')(date, days)) }}{% endmacro %}

{% macro default__add_days(date, days) -%}
    cast({{ date }} + cast({{ days }} as int) as date)
{%- endmacro %}

{% macro bigquery__add_days(date, days) -%}
    date_add({{ date }}, interval {{ days }} day)
{%- endmacro %}
