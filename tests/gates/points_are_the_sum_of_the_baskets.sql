-- A column that slipped in a feed shows here first.
select
    player_game_id,
    game_date,
    pts
from {{ ref('player_game_summary') }}
where {{ every_game_date() }} and pts != 2 * fgm + fg3m + ftm
