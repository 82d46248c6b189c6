-- One row a player and game. All rows of a game come from one source, the best that has any.
with box_scores as (

    select * from {{ ref('stg_archive__player_box_scores') }}
    union all
    select * from {{ ref('stg_balldontlie__player_box_scores') }}

),

ranks as (

    select * from {{ ref('source_ranks') }}

),

games as (

    select * from {{ ref('int_games__crosswalk') }}

),

players as (

    select * from {{ ref('int_players__crosswalk') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

resolved as (

    select
        games.game_id,
        players.player_id,
        teams.team_id,
        box_scores.*,
        ranks.rank as source_rank,
        min(ranks.rank) over (partition by games.game_id) as best_rank
    from box_scores
    inner join ranks
        on box_scores.source = ranks.source
    inner join games
        on
            box_scores.source = games.source
            and box_scores.source_game_id = games.source_game_id
    inner join players
        on
            box_scores.source = players.source
            and box_scores.source_player_id = players.source_player_id
    inner join teams
        on
            box_scores.source = teams.source
            and box_scores.source_team_id = teams.source_team_id

),

final as (

    select
        {{ row_id(['game_id', 'player_id']) }} as player_game_id,
        game_id,
        player_id,
        team_id,
        source,
        start_position,
        is_starter,
        dnp_reason,
        seconds_played,
        has_exact_seconds,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        plus_minus,
        source_load_id,
        loaded_at
    from resolved
    where source_rank = best_rank

)

select * from final
