{# Seconds from one instant to a later one, with fractions; the difference of two instants is an interval. #}
{% macro seconds_between(start, finish) -%}
    (({{ unix_micros(finish) }} - {{ unix_micros(start) }}) / 1000000.0)
{%- endmacro %}
