{# League-wide figures look at whole earlier days: strictly before, so the day itself is never among them. #}
{% macro earlier_day(fact_date, game_date) -%}
    {{ fact_date }} < {{ game_date }}
{%- endmacro %}
