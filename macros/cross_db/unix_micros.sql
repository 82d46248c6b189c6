{# An instant as microseconds since 1970. As text the engines write fractions of a second differently. #}
{% macro unix_micros(instant) %}{{ return(adapter.dispatch('unix_micros', 'nba_props')(instant)) }}{% endmacro %}

{% macro default__unix_micros(instant) -%}
    epoch_us({{ instant }})
{%- endmacro %}

{% macro bigquery__unix_micros(instant) -%}
    unix_micros({{ instant }})
{%- endmacro %}
