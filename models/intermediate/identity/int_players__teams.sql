-- The teams a source has seen a player with, season by season: the context that tells namesakes apart.
with box_scores as (

    select * from {{ ref('int_sources__player_box_scores') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

crosswalk as (

    select * from {{ ref('int_games__crosswalk') }}

),

spots as (

    select * from {{ ref('stg_balldontlie__roster_spots') }}

),

games as (

    select * from {{ ref('int_games__members') }}

),

seasons as (

    select
        season,
        min(game_date) as first_date,
        max(game_date) as last_date
    from games
    group by season

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

seen as (

    select
        box_scores.source,
        box_scores.source_player_id,
        box_scores.source_team_id,
        games.season,
        games.game_date as first_date,
        games.game_date as last_date
    from box_scores
    inner join crosswalk
        on
            box_scores.source = crosswalk.source
            and box_scores.source_game_id = crosswalk.source_game_id
    inner join games
        on crosswalk.member_id = games.member_id
    union all
    select
        spots.source,
        spots.source_player_id,
        spots.source_team_id,
        seasons.season,
        {{ greatest_known([eastern_date('spots.known_at'), 'seasons.first_date']) }} as first_date,
        {{ least_known([eastern_date('spots.gone_by_at'), 'seasons.last_date']) }} as last_date
    from spots
    inner join seasons
        on
            {{ eastern_date('spots.known_at') }} <= seasons.last_date
            and (
                spots.gone_by_at is null
                or {{ eastern_date('spots.gone_by_at') }} >= seasons.first_date
            )

),

final as (

    select
        {{ member_id('spaces.id_space', 'seen.source_player_id') }} as member_id,
        teams.team_id,
        seen.season,
        spaces.id_space as source,
        min(seen.first_date) as first_date,
        max(seen.last_date) as last_date
    from seen
    inner join spaces
        on seen.source = spaces.source
    inner join teams
        on
            seen.source = teams.source
            and seen.source_team_id = teams.source_team_id
    group by spaces.id_space, seen.source_player_id, teams.team_id, seen.season

)

select * from final
