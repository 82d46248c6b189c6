select
    player_game_id,
    game_date,
    reb
from {{ ref('player_game_summary') }}
where reb != oreb + dreb
