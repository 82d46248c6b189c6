-- A feed that changes how it writes minutes must not turn players into players who did not play.
select
    source_game_id,
    source_player_id,
    minutes_text
from {{ ref('stg_balldontlie__player_box_scores') }}
where minutes_text is not null and seconds_played is null
