with members as (

    select * from {{ ref('int_players__crosswalk') }}

),

box_scores as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

games as (

    select * from {{ ref('games') }}

),

first_seen as (

    select
        box_scores.player_id,
        min(games.game_date) as first_game_date,
        max(games.game_date) as last_game_date
    from box_scores
    inner join games
        on box_scores.game_id = games.game_id
    group by box_scores.player_id

),

final as (

    select
        members.player_id,
        min(members.player_name) as player_name,
        min(members.normalized_name) as normalized_name,
        min(first_seen.first_game_date) as first_game_date,
        max(first_seen.last_game_date) as last_game_date
    from members
    left join first_seen
        on members.player_id = first_seen.player_id
    where members.is_best_source
    group by members.player_id

)

select * from final
