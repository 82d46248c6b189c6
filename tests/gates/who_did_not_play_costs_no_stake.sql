-- A void or pending prediction has no result, is neither won nor lost, and enters no profit.
select
    forecast_id,
    game_date
from {{ ref('prediction_accuracy') }}
where
    grade != 'graded'
    and (actual_value is not null or is_won is not null or profit is not null)
