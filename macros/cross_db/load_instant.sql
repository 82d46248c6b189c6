{# dlt's load id is the epoch in text; the instant of the load, on both engines to the microsecond. #}
{% macro load_instant(load_id) %}{{ return(adapter.dispatch('load_instant', 'nba_props')(load_id)) }}{% endmacro %}

{% macro default__load_instant(load_id) -%}
    make_timestamptz(cast(round(cast({{ load_id }} as double) * 1000000) as bigint))
{%- endmacro %}

{% macro bigquery__load_instant(load_id) -%}
    timestamp_micros(cast(round(cast({{ load_id }} as float64) * 1000000) as int64))
{%- endmacro %}
