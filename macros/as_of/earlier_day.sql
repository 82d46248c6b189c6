{#
    League-wide figures look at whole earlier days: strictly before, so the day itself is never among them,
    and only at what was known when the build speaks.
#}
{% macro earlier_day(fact_date, known_at, game_date) -%}
    ({{ fact_date }} < {{ game_date }} and {{ known_at }} < {{ as_of() }})
{%- endmacro %}
