{{ config(materialized='view') }}

-- Prices between those that anything looks at: neither a book's first, nor its last before a cut, a forecast or tip-off.
with prices as (

    {{ price_snapshots() }}

),

contexts as (

    select * from {{ ref('upcoming_team_game_context') }}

),

forecasts as (

    select * from {{ ref('stg_forecasts__forecasts') }}

),

members as (

    select distinct
        member_id,
        game_id
    from {{ ref('int_games__crosswalk') }}

),

settled as (

    -- A game whose features still wait for a cut may be asked at any instant.
    select
        game_id,
        max(tipoff_at) as latest_tipoff_at
    from contexts
    group by game_id
    having
        count(
            case when cut_off_at < {{ least_known(['nominal_cut_off_at', 'tipoff_at']) }} then 1 end
        )
        = 0

),

events as (

    select
        mapped.event_id,
        mapped.game_id,
        mapped.game_date,
        settled.latest_tipoff_at as tipoff_at
    from {{ ref('int_odds_events__games') }} as mapped
    inner join settled
        on mapped.game_id = settled.game_id

),

cuts as (

    select
        game_id,
        cut_off_at as cut_at
    from contexts
    union distinct
    select
        game_id,
        tipoff_at as cut_at
    from contexts
    union distinct
    select
        members.game_id,
        forecasts.as_of as cut_at
    from forecasts
    inner join members
        on forecasts.game_id = members.member_id

),

seen as (

    select
        prices.*,
        events.game_id,
        events.game_date,
        events.tipoff_at,
        -- Which game an event is, follows from these: the instant that says so stays.
        {{ event_ranks() }}
    from prices
    inner join events
        on prices.event_id = events.event_id
    where prices.known_at is not null

),

needed as (

    select
        series_id,
        min(known_at) as known_at
    from seen
    group by series_id
    union distinct
    select
        series_id,
        known_at
    from seen
    where {{ least_known([
        'commence_at_rank', 'observed_date_rank', 'home_team_name_rank', 'away_team_name_rank'
    ]) }} = 1
    union distinct
    select
        seen.series_id,
        max(seen.known_at) as known_at
    from seen
    inner join cuts
        on seen.game_id = cuts.game_id
    where {{ known_before('seen.known_at', 'cuts.cut_at', 'seen.tipoff_at') }}
    group by seen.series_id, cuts.cut_at

),

final as (

    select
        seen.price_id,
        seen.source,
        seen.resource,
        seen.game_id,
        seen.game_date,
        seen.known_at
    from seen
    left join needed
        on
            seen.series_id = needed.series_id
            and seen.known_at = needed.known_at
    where needed.series_id is null

)

select * from final
