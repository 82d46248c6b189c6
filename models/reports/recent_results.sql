-- Graded predictions of the published system with a line, newest first in the reader's hands: what was said, what stood, what came.
-- depends_on: {{ ref('gate_predictions') }}
with accuracy as (

    select * from {{ ref('prediction_accuracy') }}
    where
        system = '{{ var("published_system") }}'
        and grade != 'pending'
        and line is not null

),

players as (

    select * from {{ ref('players') }}

),

final as (

    select
        accuracy.forecast_id,
        accuracy.run_mode,
        accuracy.game_date,
        players.player_name,
        accuracy.market,
        accuracy.information_set,
        accuracy.line,
        accuracy.predicted_value,
        accuracy.probability_over,
        accuracy.recommendation,
        accuracy.grade,
        accuracy.void_reason,
        accuracy.actual_value,
        accuracy.line_result,
        accuracy.is_won,
        accuracy.profit
    from accuracy
    inner join players
        on accuracy.player_id = players.player_id

)

select * from final
