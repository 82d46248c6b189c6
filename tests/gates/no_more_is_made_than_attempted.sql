-- And a three-pointer is a field goal, made and attempted.
select
    player_game_id,
    game_date
from {{ ref('player_game_summary') }}
where
    {{ every_game_date() }}
    and (fgm > fga or fg3m > fg3a or ftm > fta or fg3m > fgm or fg3a > fga)
