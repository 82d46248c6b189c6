{{ config(materialized='view') }}

with quota as (

    select * from {{ ref('stg_runs__api_quota') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

final as (

    select
        quota.*,
        {{ safe_divide('quota.used', 'quota.used + quota.remaining') }} as used_share,
        runs.started_at as run_started_at,
        quota.remaining is not null and row_number() over (
            partition by quota.source
            order by
                case when quota.remaining is null then 1 else 0 end asc,
                runs.started_at desc,
                runs.run_id desc
        ) = 1 as is_latest
    from quota
    inner join runs
        on quota.run_id = runs.run_id

)

select * from final
