-- Each slate player and game once. Results are taken as of the morning for every information set:
-- a team plays once a day, so no result of the day itself can be a fact about its players.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

mornings as (

    select * from {{ ref('int_games__to_build') }}
    where information_set = 'BASE'

),

final as (

    select
        {{ row_id(['slate.game_id', 'slate.player_id']) }} as player_game_id,
        slate.game_id,
        slate.player_id,
        mornings.game_date,
        mornings.season,
        mornings.tipoff_at,
        mornings.cut_off_at
    from slate
    inner join mornings
        on slate.game_id = mornings.game_id
    group by
        slate.game_id,
        slate.player_id,
        mornings.game_date,
        mornings.season,
        mornings.tipoff_at,
        mornings.cut_off_at

)

select * from final
