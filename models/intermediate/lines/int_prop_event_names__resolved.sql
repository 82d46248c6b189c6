-- Names that name alone does not resolve, by their event: one player of its two teams who bears the name or fits the initial.
with prices as (

    select * from {{ ref('int_sources__prop_prices') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}
    where resolution in ('ambiguous', 'unknown')

),

events as (

    select * from {{ ref('int_odds_events__games') }}

),

games as (

    select * from {{ ref('games') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

teams as (

    select * from {{ ref('int_players__teams') }}

),

asked as (

    select distinct
        prices.event_id,
        names.player_name,
        names.normalized_name,
        names.turned_name,
        games.season,
        games.home_team_id,
        games.away_team_id
    from prices
    inner join names
        on prices.player_name = names.player_name
    inner join events
        on prices.event_id = events.event_id
    inner join games
        on events.game_id = games.game_id

),

squads as (

    select distinct
        players.player_id,
        players.normalized_name,
        teams.team_id,
        teams.season
    from players
    inner join teams
        on players.member_id = teams.member_id

),

candidates as (

    select
        asked.event_id,
        asked.player_name,
        min(squads.player_id) as player_id,
        count(distinct squads.player_id) as players
    from asked
    inner join squads
        on
            asked.season = squads.season
            and (
                asked.home_team_id = squads.team_id
                or asked.away_team_id = squads.team_id
            )
            and (
                asked.normalized_name = squads.normalized_name
                or {{ fits_initial(
                    'asked.player_name',
                    'asked.normalized_name',
                    'asked.turned_name',
                    'squads.normalized_name'
                ) }}
            )
    group by asked.event_id, asked.player_name

),

final as (

    select
        {{ row_id(['event_id', 'player_name']) }} as event_name_id,
        event_id,
        player_name,
        case when players = 1 then player_id end as player_id,
        case when players = 1 then 'resolved' else 'ambiguous' end as resolution
    from candidates

)

select * from final
