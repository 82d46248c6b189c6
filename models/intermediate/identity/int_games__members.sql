-- The games of every schedule source, with our teams, and the pair that identifies a game on a day.
with games as (

    select * from {{ ref('int_sources__games') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

ranks as (

    select * from {{ ref('source_priority') }}
    where need = 'schedule'

),

final as (

    select
        games.*,
        ranks.rank as source_rank,
        spaces.id_space,
        {{ member_id('spaces.id_space', 'games.source_game_id') }} as member_id,
        home_teams.team_id as home_team_id,
        away_teams.team_id as away_team_id,
        home_teams.is_franchise and away_teams.is_franchise as is_franchise_game,
        -- Unordered: on neutral ground two sources may disagree about who is at home.
        {{ least_known(['home_teams.team_id', 'away_teams.team_id']) }} as first_team_id,
        {{ greatest_known(['home_teams.team_id', 'away_teams.team_id']) }} as second_team_id
    from games
    inner join spaces
        on games.source = spaces.source
    inner join ranks
        on games.source = ranks.source
    inner join teams as home_teams
        on
            games.source = home_teams.source
            and games.source_home_team_id = home_teams.source_team_id
    inner join teams as away_teams
        on
            games.source = away_teams.source
            and games.source_away_team_id = away_teams.source_team_id

)

select * from final
