{#
    Every date from one to another, both included, as the rows of a select; the two are columns of one row of a relation.
    A series of dates is a table function here and an array there.
#}
{% macro every_date(relation, first, last) %}{{ return(adapter.dispatch('every_date', 'nba_props')(relation, first, last)) }}{% endmacro %}

{% macro default__every_date(relation, first, last) -%}
    select cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date) as game_date
    from {{ relation }}
{%- endmacro %}

{% macro bigquery__every_date(relation, first, last) -%}
    select game_date from {{ relation }}
    cross join unnest(generate_date_array({{ first }}, {{ last }})) as game_date
{%- endmacro %}
