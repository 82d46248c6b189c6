-- A running or an unplayed game that passes for final shows the same score on both sides, or none.
select
    game_id,
    game_date,
    home_score,
    away_score
from {{ ref('games') }}
where is_final and coalesce(home_score = away_score, true)
