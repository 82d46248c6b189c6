{{ config(materialized='view') }}

-- What drifts away from what models were trained on: inputs that are other than they were, errors that grow.
with runs as (

    select
        coalesce(finished_at, started_at) as told_at,
        {{ eastern_date('coalesce(finished_at, started_at)') }} as day
    from {{ ref('stg_runs__runs') }}
    where run_mode = 'live'

),

features as (

    select
        *,
        count(*) over () as drifted,
        row_number() over (
            order by coalesce(abs(mean_shift), 0) desc, feature asc
        ) as place
    from {{ ref('feature_drift') }}
    where is_drifted

),

errors as (

    select
        *,
        row_number() over (partition by market order by z_score desc, days asc) as place
    from {{ ref('error_drift') }}
    where run_mode = 'live' and z_score is not null

),

now as (

    select
        max(day) as day,
        max(told_at) as told_at
    from runs

),

final as (

    select
        'drifted_features' as measure,
        'features' as cause,
        now.day,
        now.told_at as since,
        cast(features.drifted as {{ type_double() }}) as value,
        {{ to_text('features.drifted') }} || ' features, the farthest ' || features.feature
            as message
    from features
    cross join now
    where features.place = 1 and now.day is not null
    union all
    select
        'error_z_score' as measure,
        errors.market as cause,
        now.day,
        now.told_at as since,
        errors.z_score as value,
        errors.market || ' of the ' || {{ to_text('errors.days') }} || ' days to '
        || {{ to_text('errors.last_date') }} || ' are missed by more than in the season before'
            as message
    from errors
    cross join now
    where errors.place = 1 and now.day is not null

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
