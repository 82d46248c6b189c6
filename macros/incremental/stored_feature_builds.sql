{#
    What feature_builds held after the last complete build. Read without ref(): it is written last of all,
    and a ref would close a circle. No rows where nothing is stored, or everything is asked anew; nor where a table
    that is made from the work list is gone (a developer's expire on BigQuery), since it needs every date again.
#}
{% macro stored_feature_builds() %}
    select
        cast(game_date as date) as game_date,
        cast(inputs_version as {{ dbt.type_string() }}) as inputs_version,
        cast(built_as_of as {{ type_instant() }}) as built_as_of,
        cast(settled_at as {{ type_instant() }}) as settled_at
    from (
        {{ feature_builds_as_stored() }}
    ) as stored
{% endmacro %}

{# The same, before it has types: a macro of its own, so that a unit test can put text there, which both engines cast. #}
{% macro feature_builds_as_stored() %}
    {% set stored = none %}
    {% if execute and not flags.FULL_REFRESH %}
        {% set missing = [] %}
        {% for node in graph.nodes.values()
            if node.config.materialized == 'incremental' and node.fqn[-2] in ['lines', 'context', 'features', 'baselines', 'drift'] %}
            {% set found = adapter.get_relation(database=node.database, schema=node.schema, identifier=node.alias) %}
            {% if found is none %}{% do missing.append(node.name) %}{% endif %}
        {% endfor %}
        {% if not missing %}
            {% set stored = adapter.get_relation(
                database=this.database, schema=generate_schema_name('audit', none), identifier='feature_builds') %}
        {% endif %}
    {% endif %}
    {% if stored is not none %}
        select game_date, inputs_version, built_as_of, settled_at from {{ stored }}
    {% else %}
        select
            cast(null as date) as game_date,
            cast(null as {{ dbt.type_string() }}) as inputs_version,
            cast(null as {{ type_instant() }}) as built_as_of,
            cast(null as {{ type_instant() }}) as settled_at
        from (select 1 as one) as nothing
        where false
    {% endif %}
{% endmacro %}
