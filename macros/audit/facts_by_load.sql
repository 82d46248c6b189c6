{# Facts of predictions (forecast_id, role, resource, load_id, fact_date), counted by prediction, role and raw load. #}
{% macro facts_by_load(relation, facts='count(*)') %}
    select
        {{ row_id(['forecast_id', 'role', 'resource', 'load_id']) }} as prediction_load_id,
        forecast_id,
        role,
        resource,
        load_id,
        {{ facts }} as facts,
        min(fact_date) as first_date,
        max(fact_date) as last_date
    from {{ relation }}
    group by forecast_id, role, resource, load_id
{% endmacro %}
