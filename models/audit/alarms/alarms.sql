{{ config(materialized='view') }}

-- What should be told: every measure beyond a rule's threshold, once a cause and day, and when it was sent.
{% set parts = ['runs', 'days', 'gates', 'slate', 'standing', 'drift', 'evaluations'] %}

with measures as (

    {% for part in parts -%}
        select * from {{ ref('alarm_measures_' ~ part) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

rules as (

    select * from {{ ref('alarm_rules') }}

),

sent as (

    select * from {{ ref('stg_runs__alerts') }}

),

beyond as (

    select
        rules.rule || '|' || measures.cause || '|' || {{ to_text('measures.day') }} as alarm_id,
        rules.rule,
        rules.severity,
        measures.cause,
        measures.day,
        measures.value,
        rules.threshold,
        measures.message,
        rules.remedy,
        -- Some things are only wrong from an hour of the day on.
        {{ greatest_known([
            'measures.since', eastern_instant('measures.day', 'rules.from_hour')
        ]) }} as since,
        -- Where a measure is beyond two thresholds, the graver rule speaks.
        row_number() over (
            partition by measures.measure, measures.cause, measures.day
            order by
                case rules.severity when 'critical' then 0 when 'warning' then 1 else 2 end asc,
                rules.rule asc
        ) as gravity
    from measures
    inner join rules
        on measures.measure = rules.measure
    where
        (rules.direction = 'at_least' and measures.value < rules.threshold)
        or (rules.direction = 'at_most' and measures.value > rules.threshold)
        or (rules.direction = 'below' and measures.value >= rules.threshold)

),

final as (

    select
        beyond.alarm_id,
        beyond.rule,
        beyond.severity,
        beyond.cause,
        beyond.day,
        beyond.value,
        beyond.threshold,
        beyond.message,
        beyond.remedy,
        beyond.since,
        sent.sent_at
    from beyond
    left join sent
        on beyond.alarm_id = sent.alert_id
    where beyond.gravity = 1

)

select * from final
