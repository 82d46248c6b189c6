select
    player_game_id,
    game_date,
    reb
from {{ ref('player_game_summary') }}
where {{ every_game_date() }} and reb != oreb + dreb
