{#
    Each row of a relation once for every whole number from 0 to one of its columns, as the column `value`; null is no row.
    A series of numbers is a table function here and an array there.
#}
{% macro whole_numbers(relation, last, columns) %}{{ return(adapter.dispatch('whole_numbers', 'nba_props')(relation, last, columns)) }}{% endmacro %}

{% macro default__whole_numbers(relation, last, columns) -%}
    select
        {% for column in columns -%}
            {{ column }},
        {% endfor -%}
        unnest(generate_series(0, {{ last }})) as value
    from {{ relation }}
{%- endmacro %}

{% macro bigquery__whole_numbers(relation, last, columns) -%}
    select
        {% for column in columns -%}
            {{ relation }}.{{ column }},
        {% endfor -%}
        value
    from {{ relation }}
    cross join unnest(generate_array(0, {{ last }})) as value
{%- endmacro %}
