-- Every source's line of a player and game, under our ids.
with box_scores as (

    select * from {{ ref('int_sources__player_box_scores') }}

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

final as (

    select
        {{ row_id(['box_scores.source', 'games.game_id', 'players.player_id']) }} as box_score_id,
        {{ row_id(['games.game_id', 'players.player_id']) }} as player_game_id,
        games.game_id,
        players.player_id,
        teams.team_id,
        box_scores.source,
        box_scores.player_name,
        box_scores.is_home,
        box_scores.start_position,
        box_scores.is_starter,
        box_scores.dnp_reason,
        box_scores.seconds_played,
        box_scores.has_exact_seconds,
        {% for count in box_counts() -%}
            box_scores.{{ count.name }},
        {% endfor -%}
        box_scores.plus_minus,
        box_scores.source_load_id,
        box_scores.loaded_at
    from box_scores
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

)

select * from final
