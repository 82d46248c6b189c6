{{ config(materialized='view') }}

-- All that a slate can need, a row a thing. Made of raw facts alone, so that no build has to come first.
with requirements as (

    select * from {{ ref('source_requirements') }}

),

games as (

    select * from {{ ref('stg_balldontlie__games') }}

),

box_scores as (

    select
        source_game_id,
        count(distinct source_team_id) as sides
    from {{ ref('stg_balldontlie__player_box_scores') }}
    group by source_game_id

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
        case when loads.resource = 'games' then runs.game_date_to end as game_date
    from {{ ref('stg_runs__loads') }} as loads
    inner join {{ ref('stg_runs__runs') }} as runs
        on loads.run_id = runs.run_id
    inner join requirements
        on
            loads.source = requirements.source
            and loads.resource = requirements.resource
    where
        requirements.max_age_hours is not null
        -- a day without games is an answer, a league without rosters is not
        and (loads.status = 'loaded' or (loads.status = 'no_data' and loads.resource = 'games'))

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
        games.source_game_id as fact_id,
        {{ add_days('games.game_date', 1) }} as game_date,
        {{ add_minutes('games.tipoff_at', var('game_duration_minutes')) }} as known_at
    from games
    inner join box_scores
        on games.source_game_id = box_scores.source_game_id
    where games.status = 'final' and box_scores.sides >= 2
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
