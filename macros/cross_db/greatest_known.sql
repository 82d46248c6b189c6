{#
    The largest, and the smallest, of the values that are there; null only where none is.
    DuckDB's greatest and least skip nulls, BigQuery's return null. A subquery over an array would do, but not in a join.
#}
{% macro greatest_known(values) %}{{ return(adapter.dispatch('extreme_known', 'nba_props')('greatest', values)) }}{% endmacro %}

{% macro least_known(values) %}{{ return(adapter.dispatch('extreme_known', 'nba_props')('least', values)) }}{% endmacro %}

{% macro default__extreme_known(function, values) -%}
    {{ function }}({{ values | join(', ') }})
{%- endmacro %}

{# A value that is missing is stood in for by one that is not. #}
{% macro bigquery__extreme_known(function, values) -%}
    {{ function }}(
        {%- for value in values -%}
            coalesce({{ (values[loop.index0:] + values[:loop.index0]) | join(', ') }}){{ ', ' if not loop.last }}
        {%- endfor -%}
    )
{%- endmacro %}
