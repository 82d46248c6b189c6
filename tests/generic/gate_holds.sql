{#
    Every measured value of a metric reaches its threshold; and the gate measured something at all,
    unless nothing was there to be measured (`expected`: a relation that must then be empty too).
#}
{% test gate_holds(model, metric, expected) %}
    select
        game_date,
        value,
        threshold
    from {{ model }}
    where metric = '{{ metric }}' and not coalesce(value >= threshold, false)
    union all
    select
        cast(null as date) as game_date,
        cast(null as {{ type_double() }}) as value,
        cast(null as {{ type_double() }}) as threshold
    from (
        select
            (select count(*) from {{ model }} where metric = '{{ metric }}') as measured,
            (select count(*) from {{ expected }}) as rows_expected
    ) as counted
    where measured = 0 and rows_expected > 0
{% endtest %}
