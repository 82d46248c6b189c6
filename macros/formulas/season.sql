{# '2025-26' from the year it starts in. #}
{% macro season_name(start_year) -%}
    {{ to_text(start_year) }} || '-' || substr({{ to_text(start_year ~ ' + 1') }}, 3, 2)
{%- endmacro %}
