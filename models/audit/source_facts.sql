{{ config(materialized='view') }}

-- All that a slate can need, a row a thing. Made of raw facts alone, so that no build has to come first.
with requirements as (

    select * from {{ ref('source_requirements') }}

),

stand_ins as (

    select * from {{ ref('source_stand_ins') }}

),

games as (

    select * from {{ ref('source_games') }}
    where is_counted

),

quotes as (

    select
        'prop_lines' as need,
        event_id,
        observed_date,
        known_at
    from {{ ref('stg_odds_api__prop_prices') }}
    union all
    select
        'game_lines' as need,
        event_id,
        observed_date,
        known_at
    from {{ ref('stg_odds_api__game_line_prices') }}

),

zoned_games as (

    select distinct source_game_id from {{ ref('stg_archive__player_shot_zones') }}

),

zone_days as (

    select
        games.game_date,
        {{ add_minutes('max(games.tipoff_at)', var('game_duration_minutes')) }} as known_at
    from zoned_games
    inner join {{ ref('stg_archive__games') }} as games
        on zoned_games.source_game_id = games.source_game_id
    group by games.game_date

),

days_ahead as (

    {% for days in range(1, 15) -%}
        select {{ days }} as days {{ 'union all' if not loop.last }}
    {% endfor %}

),

answers as (

    select
        requirements.need,
        loads.load_key,
        loads.finished_at,
        -- who plays for whom, and who is hurt, is asked of the present: of no day
        case when requirements.need = 'schedule' then runs.game_date_to end as game_date
    from {{ ref('stg_runs__loads') }} as loads
    inner join {{ ref('stg_runs__runs') }} as runs
        on loads.run_id = runs.run_id
    left join stand_ins
        on
            loads.source = stand_ins.source
            and loads.resource = stand_ins.resource
    inner join requirements
        on
            stand_ins.need = requirements.need
            or (
                loads.source = requirements.source
                and loads.resource = requirements.resource
            )
    where
        requirements.max_age_hours is not null
        -- a day without games is an answer, a league without rosters is not
        and (
            loads.status = 'loaded'
            or (loads.status = 'no_data' and requirements.need = 'schedule')
        )

),

facts as (

    select
        need,
        load_key as fact_id,
        game_date,
        finished_at as known_at
    from answers
    union all
    select
        'box_scores' as need,
        source_game_id as fact_id,
        {{ add_days('game_date', 1) }} as game_date,
        {{ add_minutes('tipoff_at', var('game_duration_minutes')) }} as known_at
    from games
    union all
    select
        need,
        event_id as fact_id,
        observed_date as game_date,
        min(known_at) as known_at
    from quotes
    group by need, event_id, observed_date
    union all
    select
        'shot_zones' as need,
        {{ to_text('zone_days.game_date') }} as fact_id,
        {{ add_days('zone_days.game_date', 'days_ahead.days') }} as game_date,
        zone_days.known_at
    from zone_days
    cross join days_ahead

),

final as (

    select
        {{ row_id(['need', 'fact_id', 'game_date']) }} as source_fact_id,
        facts.*
    from facts

)

select * from final
