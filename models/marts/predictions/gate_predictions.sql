-- What people are shown may rely on this: players with a line are predicted, and probabilities are probabilities.
with coverage as (

    select * from {{ ref('prediction_coverage') }}

),

predictions as (

    select * from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }}

),

final as (

    select
        'players with a line who are predicted or ruled out' as metric,
        game_date,
        cast(count(case when reason in ('PREDICTED', 'PLAYER_OUT') then 1 end) as {{ type_double(
            
        ) }})
            as value,
        0.9 * cast(count(*) as {{ type_double() }}) as threshold
    from coverage
    where has_prop_line
    group by game_date
    union all
    select
        'predictions whose probabilities add up' as metric,
        game_date,
        cast(count(
            case
                when
                    line is null
                    or (
                        probability_over between 0 and 1
                        and probability_under between 0 and 1
                        and abs(
                            probability_over + probability_push + probability_under - 1
                        ) < 0.000001
                    )
                    then 1
            end
        ) as {{ type_double() }}) as value,
        cast(count(*) as {{ type_double() }}) as threshold
    from predictions
    group by game_date

)

select
    {{ row_id(["'predictions'", 'metric', 'game_date']) }} as gate_row_id,
    'predictions' as layer,
    *
from final
