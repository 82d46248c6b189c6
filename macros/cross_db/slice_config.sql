{#
    Config of a table that is replaced by whole game dates, `config(**by_game_date(...))`.
    DuckDB deletes the dates and inserts them in one transaction (and rejects a partition_by dict); BigQuery overwrites the
    partitions of those dates, and refuses to read a large table without a constant range of dates.
    cluster_by: ids that readers join by. is_large: whether every reader must say which dates it wants.
#}
{% macro by_game_date(cluster_by=none, is_large=false) %}
    {% set shared = {'materialized': 'incremental', 'on_schema_change': 'append_new_columns'} %}
    {{ return(dict(shared, **adapter.dispatch('slice_config', 'nba_props')(cluster_by, is_large))) }}
{% endmacro %}

{% macro default__slice_config(cluster_by, is_large) %}
    {{ return({'incremental_strategy': 'delete+insert', 'unique_key': 'game_date'}) }}
{% endmacro %}

{% macro bigquery__slice_config(cluster_by, is_large) %}
    {{ return(dict({'incremental_strategy': 'insert_overwrite'}, **bigquery__partitions(cluster_by, is_large))) }}
{% endmacro %}

{# The same for a table that every build makes anew. #}
{% macro partitioned_table(cluster_by=none, is_large=false) %}
    {{ return(dict(
        {'materialized': 'table'}, **adapter.dispatch('partitions', 'nba_props')(cluster_by, is_large)
    )) }}
{% endmacro %}

{% macro default__partitions(cluster_by, is_large) %}{{ return({}) }}{% endmacro %}

{% macro bigquery__partitions(cluster_by, is_large) %}
    {{ return({
        'partition_by': {'field': 'game_date', 'data_type': 'date'},
        'cluster_by': cluster_by,
        'require_partition_filter': is_large,
    }) }}
{% endmacro %}
