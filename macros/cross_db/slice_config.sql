{#
    Replace whole game dates. DuckDB deletes the dates and inserts them in one transaction;
    BigQuery overwrites the partitions of those dates. (dbt-duckdb rejects a partition_by dict.)
#}
{% macro slice_strategy() %}{{ return('insert_overwrite' if target.type == 'bigquery' else 'delete+insert') }}{% endmacro %}

{% macro slice_key() %}{{ return(none if target.type == 'bigquery' else 'game_date') }}{% endmacro %}

{% macro slice_partition() %}
    {{ return({'field': 'game_date', 'data_type': 'date'} if target.type == 'bigquery' else none) }}
{% endmacro %}
