{#
    CTEs up to `ranked`: the predictions made before tip-off, each by the clock of its mode, in the order in which they were
    made. The version that comes first when counted from the end is the one that counts.
    predictions: CTE of player_prop_predictions, or of what it is made from. also: columns that part the versions further.
#}
{% macro predictions_by_version(predictions, also=[]) %}
{%- set key = (['run_mode', 'system', 'player_id', 'game_id', 'market'] + also) | join(', ') -%}
clocked as (

    select
        *,
        case run_mode when 'live' then created_at else as_of end as made_at
    from {{ predictions }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by {{ key }}
            order by made_at asc, created_at asc, forecast_id asc
        ) as version,
        row_number() over (
            partition by {{ key }}
            order by made_at desc, created_at desc, forecast_id desc
        ) as recency,
        lead(made_at) over (
            partition by {{ key }}
            order by made_at asc, created_at asc, forecast_id asc
        ) as next_made_at
    from clocked
    where made_at < tipoff_at

)
{% endmacro %}
