{{ config(materialized='view') }}

-- Figures of an evaluation that no honest forecast can reach, by the day that it was made.
with verdicts as (

    select
        *,
        {{ eastern_date('told_at') }} as day
    from {{ ref('stg_evaluations__verdicts') }}
    where verdict = 'alarm'

),

final as (

    select
        'evaluation_alarms' as measure,
        bar || ' ' || information_set as cause,
        day,
        min(told_at) as since,
        cast(count(*) as {{ type_double() }}) as value,
        'evaluation ' || max(evaluation_id) || ': ' || min(figure) || ' of ' || bar || ' is '
        || {{ to_text('round(min(value), 3)') }} || ', below '
        || {{ to_text('round(min(alarm_below), 3)') }} as message
    from verdicts
    group by bar, information_set, day

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
