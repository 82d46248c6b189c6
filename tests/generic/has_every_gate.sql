{# Every data test `gate` of the project has its row: without one it would pass, whatever is measured. #}
{% test has_every_gate(model, column_name) %}
    {%- set metrics = [] -%}
    {%- for node in (graph.nodes.values() if execute else []) if (node.test_metadata or {}).name == 'gate' -%}
        {%- do metrics.append(node.test_metadata.kwargs.metric) -%}
    {%- endfor %}
    with gates as (

        select cast(null as {{ dbt.type_string() }}) as metric
        {%- for metric in metrics | sort %}
            union all
            select '{{ metric }}' as metric
        {%- endfor %}

    )

    select gates.metric
    from gates
    left join {{ model }} as thresholds
        on gates.metric = thresholds.{{ column_name }}
    where gates.metric is not null and thresholds.{{ column_name }} is null
{% endtest %}
