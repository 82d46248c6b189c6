-- The game an event of the odds feed means: the same pair of teams, on the nearest day within one.
with prices as (

    select
        event_id,
        commence_at,
        home_team_name,
        away_team_name,
        observed_date
    from {{ ref('int_sources__prop_prices') }}
    union all
    select
        event_id,
        commence_at,
        home_team_name,
        away_team_name,
        observed_date
    from {{ ref('stg_archive__game_line_prices') }}
    union all
    select
        event_id,
        commence_at,
        home_team_name,
        away_team_name,
        observed_date
    from {{ ref('stg_odds_api__game_line_prices') }}
    union all
    select
        event_id,
        commence_at,
        home_team_name,
        away_team_name,
        observed_date
    from {{ ref('stg_odds_api__events') }}

),

teams as (

    -- full names, and the abbreviations of imported files: no text is both
    select distinct
        source_team_id,
        team_id
    from {{ ref('int_teams__crosswalk') }}
    where source in ('odds_api', 'bettingpros')

),

games as (

    select * from {{ ref('games') }}
    where status != 'postponed'

),

events as (

    -- An event changes its start over its life; the latest one told is the one played.
    select
        event_id,
        min(home_team_name) as home_team_name,
        min(away_team_name) as away_team_name,
        coalesce({{ eastern_date('max(commence_at)') }}, max(observed_date)) as event_date
    from prices
    group by event_id

),

candidates as (

    select
        events.event_id,
        games.game_id,
        games.game_date,
        games.tipoff_at,
        row_number() over (
            partition by events.event_id
            order by
                abs({{ days_between('events.event_date', 'games.game_date') }}) asc,
                games.game_id asc
        ) as choice
    from events
    inner join teams as home_teams
        on events.home_team_name = home_teams.source_team_id
    inner join teams as away_teams
        on events.away_team_name = away_teams.source_team_id
    inner join games
        on
            {{ least_known(['home_teams.team_id', 'away_teams.team_id']) }}
            = {{ least_known(['games.home_team_id', 'games.away_team_id']) }}
            and {{ greatest_known(['home_teams.team_id', 'away_teams.team_id']) }}
            = {{ greatest_known(['games.home_team_id', 'games.away_team_id']) }}
            and abs({{ days_between('events.event_date', 'games.game_date') }}) <= 1

),

final as (

    select
        event_id,
        game_id,
        game_date,
        tipoff_at
    from candidates
    where choice = 1

)

select * from final
