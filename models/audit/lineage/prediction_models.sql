{{ config(materialized='view') }}

-- The model versions behind each prediction: its own, or those of the ensemble's members.
with predictions as (

    select * from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }}

),

systems as (

    select * from {{ ref('systems') }}
    where weight is not null

),

asked as (

    select
        predictions.*,
        systems.system is not null as is_member
    from predictions
    left join systems
        on predictions.system = systems.system

),

models as (

    select
        forecast_id,
        game_date,
        model_version,
        true as is_main
    from asked
    where system != 'ensemble'
    union all
    select
        ensembles.forecast_id,
        ensembles.game_date,
        members.model_version,
        members.system = 'catboost' as is_main
    from asked as ensembles
    inner join asked as members
        on
            ensembles.run_id = members.run_id
            and ensembles.player_id = members.player_id
            and ensembles.game_id = members.game_id
            and ensembles.market = members.market
            and ensembles.information_set = members.information_set
    where ensembles.system = 'ensemble' and members.is_member

),

final as (

    select
        {{ row_id(['forecast_id', 'model_version']) }} as prediction_model_id,
        forecast_id,
        game_date,
        model_version,
        {{ any_true('is_main') }} as is_main
    from models
    -- of a sum all members have one and the same
    group by forecast_id, game_date, model_version

)

select * from final
