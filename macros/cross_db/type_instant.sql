{# An instant in UTC. dbt's own timestamp has no zone on DuckDB. #}
{% macro type_instant() %}{{ return(adapter.dispatch('type_instant', 'nba_props')()) }}{% endmacro %}

{% macro default__type_instant() %}{{ return('timestamptz') }}{% endmacro %}

{% macro bigquery__type_instant() %}{{ return('timestamp') }}{% endmacro %}
