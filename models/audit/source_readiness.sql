{{ config(materialized='view') }}

-- What a live run waits for: how much of each need is there at this moment, for every slate.
with days as (

    select
        min(game_date) as first_date,
        {{ add_days('max(game_date)', 1) }} as last_date
    from (
        select game_date from {{ ref('source_games') }}
        union all
        -- a day that was asked for and has no games is a day too
        select game_date_to as game_date from {{ ref('stg_runs__runs') }}
    ) as known

),

calendar as (

    {{ every_date('days', 'first_date', 'last_date') }}

),

slates as (

    select
        {{ to_text('game_date') }} as slate_id,
        game_date,
        cast(null as {{ type_instant() }}) as as_of
    from calendar

),

{{ source_states('slates') }},

final as (

    select
        state_id as readiness_id,
        game_date,
        need,
        source,
        resource,
        is_required,
        expected,
        present,
        share,
        latest_at,
        expires_at
    from judged

)

select * from final
