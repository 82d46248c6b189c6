-- The line beside a prediction stood before the instant it speaks from, and before tip-off.
select
    forecast_id,
    game_date
from {{ ref('player_prop_predictions') }}
where
    {{ every_game_date() }}
    and (
        line_known_at >= as_of
        or line_known_at >= tipoff_at
        or (line is not null and line_known_at is null)
    )
