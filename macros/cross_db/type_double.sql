{# dbt's own float is 32 bits wide on DuckDB. #}
{% macro type_double() %}{{ return(adapter.dispatch('type_double', 'nba_props')()) }}{% endmacro %}

{% macro default__type_double() %}{{ return('double') }}{% endmacro %}

{% macro bigquery__type_double() %}{{ return('float64') }}{% endmacro %}
