{# Letters to insert, drop or change to turn one text into the other (Levenshtein); null where one is null. #}
{% macro edit_distance(text, other) %}{{ return(adapter.dispatch('edit_distance', 'nba_props')(text, other)) }}{% endmacro %}

{% macro default__edit_distance(text, other) -%}
    levenshtein({{ text }}, {{ other }})
{%- endmacro %}

{% macro bigquery__edit_distance(text, other) -%}
    edit_distance({{ text }}, {{ other }})
{%- endmacro %}
