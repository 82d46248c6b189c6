{{ config(materialized='view') }}

-- What a model and the one that forecasts its market missed by on days when both forecast the same player-games.
with champions as (

    select * from {{ ref('model_champions') }}

),

predictions as (

    select
        model_version,
        player_id,
        game_id,
        game_date,
        market,
        information_set,
        predicted_value,
        row_number() over (
            partition by model_version, player_id, game_id, market, information_set
            order by created_at desc, forecast_id asc
        ) as recency
    from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }} and system = 'catboost'

),

results as (

    select distinct
        player_id,
        game_id,
        market,
        actual_value
    from {{ ref('prediction_accuracy') }}
    where grade = 'graded'

),

missed as (

    select
        predictions.model_version,
        predictions.player_id,
        predictions.game_id,
        predictions.game_date,
        predictions.market,
        predictions.information_set,
        cast(
            round(1000000 * abs(results.actual_value - predictions.predicted_value))
            as {{ dbt.type_bigint() }}
        ) as millionths
    from predictions
    inner join results
        on
            predictions.player_id = results.player_id
            and predictions.game_id = results.game_id
            and predictions.market = results.market
    where predictions.recency = 1

),

rivals as (

    select missed.*
    from missed
    inner join champions
        on missed.model_version = champions.model_version

),

final as (

    select
        {{ row_id(['missed.model_version', to_text('missed.game_date')]) }} as graded_day_id,
        missed.model_version,
        missed.game_date,
        count(*) as n_rows,
        {{ integer_sum('missed.millionths') }} as absolute_error_millionths,
        {{ integer_sum('rivals.millionths') }} as champion_error_millionths
    from missed
    inner join rivals
        on
            missed.player_id = rivals.player_id
            and missed.game_id = rivals.game_id
            and missed.market = rivals.market
            and missed.information_set = rivals.information_set
            and missed.model_version != rivals.model_version
    group by missed.model_version, missed.game_date

)

select * from final
