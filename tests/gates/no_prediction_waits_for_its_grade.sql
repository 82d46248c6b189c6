{{ config(severity='warn') }}

-- Two days after a game its box score should be loaded.
-- It warns: what is predicted today does not depend on it.
select
    forecast_id,
    game_date
from {{ ref('prediction_accuracy') }}
where grade = 'pending' and game_date < {{ add_days(slate_date(), -2) }}
