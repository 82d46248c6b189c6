{{ config(materialized='view') }}

-- Events of the odds feed that map to no game, and why: the pair's next game with the same home side is where it went.
with prices as (

    {% for feed in [
        'stg_archive__prop_prices',
        'stg_archive__game_line_prices',
        'stg_odds_api__prop_prices',
        'stg_odds_api__game_line_prices',
        'stg_odds_api__events',
    ] -%}
        select
            source,
            event_id,
            commence_at,
            observed_date,
            home_team_name,
            away_team_name
        from {{ ref(feed) }}
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

mapped as (

    select * from {{ ref('int_odds_events__games') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}
    where source = 'odds_api'

),

games as (

    select * from {{ ref('games') }}

),

events as (

    select
        prices.event_id,
        min(prices.source) as source,
        min(prices.home_team_name) as home_team_name,
        min(prices.away_team_name) as away_team_name,
        max(prices.commence_at) as commence_at,
        coalesce({{ eastern_date('max(prices.commence_at)') }}, max(prices.observed_date))
            as event_date,
        count(*) as rows_seen
    from prices
    left join mapped
        on prices.event_id = mapped.event_id
    where mapped.event_id is null
    group by prices.event_id

),

later_games as (

    select
        events.event_id,
        games.game_id,
        games.game_date,
        row_number() over (
            partition by events.event_id
            order by games.game_date asc, games.game_id asc
        ) as choice
    from events
    inner join teams as home_teams
        on events.home_team_name = home_teams.source_team_id
    inner join teams as away_teams
        on events.away_team_name = away_teams.source_team_id
    inner join games
        on
            home_teams.team_id = games.home_team_id
            and away_teams.team_id = games.away_team_id
            and {{ days_between('events.event_date', 'games.game_date') }} between 2 and 180
            and games.status != 'postponed'

),

final as (

    select
        events.event_id,
        events.source,
        events.home_team_name,
        events.away_team_name,
        events.commence_at,
        events.event_date,
        case
            when events.home_team_name is null or events.away_team_name is null then 'no teams'
            when home_teams.team_id is null or away_teams.team_id is null then 'unknown team'
            when later_games.game_id is not null then 'postponed'
            else 'not scheduled'
        end as reason,
        later_games.game_id as suggested_game_id,
        later_games.game_date as suggested_game_date,
        events.rows_seen
    from events
    left join teams as home_teams
        on events.home_team_name = home_teams.source_team_id
    left join teams as away_teams
        on events.away_team_name = away_teams.source_team_id
    left join later_games
        on
            events.event_id = later_games.event_id
            and later_games.choice = 1

)

select * from final
