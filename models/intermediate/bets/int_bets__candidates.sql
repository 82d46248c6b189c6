-- Whom a user's bet may mean, a row a bearer of the name, and his game: the one on the day that is stated, else his next.
with bets as (

    select * from {{ ref('stg_bets__bets') }}

),

aliases as (

    select * from {{ ref('player_aliases') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

names as (

    select distinct normalized_name from players

),

games as (

    select * from {{ ref('games') }}
    where status != 'postponed'

),

squads as (

    select
        players.player_id,
        teams.team_id,
        teams.season,
        min(teams.first_date) as first_date,
        max(teams.last_date) as last_date
    from players
    inner join {{ ref('int_players__teams') }} as teams
        on players.member_id = teams.member_id
    group by players.player_id, teams.team_id, teams.season

),

named as (

    select
        bets.*,
        coalesce(
            aliases.normalized_name,
            names.normalized_name,
            -- Surname first is a reading only where the name as it stands is nobody's.
            {{ normalized_name(given_name_first('bets.player_name')) }}
        ) as normalized_name
    from bets
    left join aliases
        on {{ normalized_name('bets.player_name') }} = aliases.normalized_alias
    left join names
        on {{ normalized_name('bets.player_name') }} = names.normalized_name

),

bearers as (

    select distinct
        named.bet_id,
        named.placed_at,
        named.stated_date,
        players.player_id
    from named
    inner join players
        on
            named.normalized_name = players.normalized_name
            or named.player_name = players.player_id

),

fitting as (

    select
        bearers.bet_id,
        bearers.player_id,
        games.game_id,
        games.game_date,
        games.tipoff_at,
        row_number() over (
            partition by bearers.bet_id, bearers.player_id
            order by games.tipoff_at asc, games.game_id asc
        ) as choice
    from bearers
    inner join squads
        on bearers.player_id = squads.player_id
    inner join games
        on
            squads.season = games.season
            and squads.team_id in (games.home_team_id, games.away_team_id)
            and {{ is_game_of_bet('games', 'bearers') }}
    left join squads as elsewhere
        on
            squads.player_id = elsewhere.player_id
            and squads.season = elsewhere.season
            and squads.team_id != elsewhere.team_id
            and games.game_date between elsewhere.first_date and elsewhere.last_date
    -- Not the team he goes to later in the season, or has left.
    where
        elsewhere.player_id is null
        or games.game_date between squads.first_date and squads.last_date

),

final as (

    select
        {{ row_id(['bearers.bet_id', 'bearers.player_id']) }} as candidate_id,
        bearers.bet_id,
        bearers.player_id,
        fitting.game_id,
        fitting.game_date,
        fitting.tipoff_at
    from bearers
    left join fitting
        on
            bearers.bet_id = fitting.bet_id
            and bearers.player_id = fitting.player_id
            and fitting.choice = 1

)

select * from final
