{{ config(materialized='view') }}

-- The game a line's interval speaks of, without an event id: the next one of the player's team against the opponent.
-- A view over what never changes again: no daily run pays for it.
with movements as (

    select
        player_name,
        opponent_abbreviation,
        is_home,
        known_at,
        count(*) as prices,
        count(line) as lines
    from {{ ref('stg_archive__line_movements') }}
    group by player_name, opponent_abbreviation, is_home, known_at

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

opponents as (

    select * from {{ ref('teams') }}

),

games as (

    select * from {{ ref('games') }}
    where status != 'postponed'

),

players as (

    select
        crosswalk.player_id,
        teams.team_id,
        teams.season,
        min(teams.first_date) as first_date,
        max(teams.last_date) as last_date
    from {{ ref('int_players__crosswalk') }} as crosswalk
    inner join {{ ref('int_players__teams') }} as teams
        on crosswalk.member_id = teams.member_id
    group by crosswalk.player_id, teams.team_id, teams.season

),

asked as (

    select
        {{ row_id([
            'movements.player_name', 'movements.opponent_abbreviation',
            'cast(movements.is_home as ' ~ dbt.type_string() ~ ')',
            unix_micros('movements.known_at')
        ]) }} as movement_id,
        movements.*,
        names.player_id,
        opponents.team_id as opponent_team_id
    from movements
    left join names
        on movements.player_name = names.player_name
    left join opponents
        on movements.opponent_abbreviation = opponents.abbreviation

),

candidates as (

    select
        asked.movement_id,
        games.game_id,
        games.game_date,
        games.tipoff_at,
        row_number() over (
            partition by asked.movement_id
            -- On neutral ground the feed may have the sides the other way round.
            order by
                case
                    when asked.is_home = (asked.opponent_team_id = games.away_team_id) then 0
                    else 1
                end asc,
                games.tipoff_at asc,
                games.game_id asc
        ) as choice
    from asked
    inner join games
        on
            (
                asked.opponent_team_id = games.home_team_id
                or asked.opponent_team_id = games.away_team_id
            )
            and games.tipoff_at > {{ add_minutes('asked.known_at', -var('game_duration_minutes')) }}
            and games.tipoff_at < {{ add_minutes('asked.known_at', var('line_lead_minutes')) }}
    inner join players
        on
            asked.player_id = players.player_id
            and games.season = players.season
            and players.team_id in (games.home_team_id, games.away_team_id)
            and asked.opponent_team_id != players.team_id
    left join players as elsewhere
        on
            players.player_id = elsewhere.player_id
            and players.season = elsewhere.season
            and players.team_id != elsewhere.team_id
            and games.game_date between elsewhere.first_date and elsewhere.last_date
    -- Not the team he goes to later in the season, or has left.
    where
        elsewhere.player_id is null
        or games.game_date between players.first_date and players.last_date

),

final as (

    select
        asked.movement_id,
        asked.player_name,
        asked.opponent_abbreviation,
        asked.is_home,
        asked.known_at,
        asked.player_id,
        candidates.game_id,
        candidates.game_date,
        candidates.tipoff_at,
        case
            when asked.opponent_team_id is null then 'no opponent'
            when asked.player_id is null then 'no player'
            when candidates.game_id is null then 'no game'
            when asked.known_at >= candidates.tipoff_at then 'in play'
            else 'before tip-off'
        end as resolution,
        asked.prices,
        asked.lines
    from asked
    left join candidates
        on
            asked.movement_id = candidates.movement_id
            and candidates.choice = 1

)

select * from final
