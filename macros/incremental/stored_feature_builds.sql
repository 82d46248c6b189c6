{#
    What feature_builds held after the last complete build. Read without ref(): it is written last of all,
    and a ref would close a circle. Nothing is stored yet, or everything is asked anew: no rows.
#}
{% macro stored_feature_builds() %}
    {% set stored = none %}
    {% if execute and not flags.FULL_REFRESH %}
        {% set stored = adapter.get_relation(
            database=this.database, schema=generate_schema_name('audit', none), identifier='feature_builds') %}
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
