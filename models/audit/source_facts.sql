{{ config(materialized='view') }}

-- All that a slate can need, a row a thing, with the game dates that it serves. Of raw facts alone, so that no build comes first.
with games as (

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

zone_days as (

    select
        games.game_date,
        {{ add_minutes('max(games.tipoff_at)', var('game_duration_minutes')) }} as known_at
    from {{ ref('stg_archive__player_shot_zones') }} as zones
    inner join {{ ref('stg_archive__games') }} as games
        on zones.source_game_id = games.source_game_id
    group by games.game_date

),

answers as (

    select
        requirements.need,
        loads.load_key,
        loads.finished_at,
        loads.resource = 'games' as is_dated,
        runs.game_date_from,
        runs.game_date_to
    from {{ ref('stg_runs__loads') }} as loads
    inner join {{ ref('stg_runs__runs') }} as runs
        on loads.run_id = runs.run_id
    inner join {{ ref('source_requirements') }} as requirements
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
        finished_at as known_at,
        -- who plays for whom, and who is hurt, is asked of the present and serves any day
        case when is_dated then game_date_from end as first_date,
        case when is_dated then game_date_to end as last_date
    from answers
    union all
    select
        'box_scores' as need,
        games.source_game_id as fact_id,
        {{ add_minutes('games.tipoff_at', var('game_duration_minutes')) }} as known_at,
        games.game_date as first_date,
        games.game_date as last_date
    from games
    inner join box_scores
        on games.source_game_id = box_scores.source_game_id
    where games.status = 'final' and box_scores.sides >= 2
    union all
    select
        need,
        event_id as fact_id,
        min(known_at) as known_at,
        observed_date as first_date,
        observed_date as last_date
    from quotes
    group by need, event_id, observed_date
    union all
    select
        'shot_zones' as need,
        {{ to_text('game_date') }} as fact_id,
        known_at,
        game_date as first_date,
        game_date as last_date
    from zone_days

),

final as (

    select
        {{ row_id(['need', 'fact_id', 'first_date']) }} as source_fact_id,
        facts.*
    from facts

)

select * from final
