{{ config(materialized='view') }}

-- The feature row behind each prediction, and the instants that cut what it could know.
with predictions as (

    select
        *,
        {{ row_id([row_id(['game_id', 'information_set']), 'player_id']) }} as asked_row_id
    from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }}

),

features as (

    select
        feature_row_id,
        team_id,
        opponent_team_id,
        season,
        cut_off_at,
        inputs_known_at
    from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

mornings as (

    select * from {{ ref('information_sets') }}
    where information_set = 'BASE'

),

final as (

    select
        predictions.forecast_id,
        predictions.run_id,
        predictions.model_version,
        predictions.run_mode,
        predictions.player_id,
        predictions.game_id,
        predictions.game_date,
        predictions.tipoff_at,
        predictions.market,
        predictions.information_set,
        predictions.as_of,
        predictions.created_at,
        predictions.cut_off_at,
        -- Results of players are taken as of the morning, whatever the information set.
        {{ least_known([
            'predictions.cut_off_at',
            eastern_instant('predictions.game_date', 'mornings.offset_minutes / 60')
        ]) }} as results_cut_off_at,
        predictions.source_load_id,
        features.feature_row_id,
        features.team_id,
        features.opponent_team_id,
        features.season,
        features.cut_off_at as features_cut_off_at,
        features.inputs_known_at
    from predictions
    cross join mornings
    left join features
        on predictions.asked_row_id = features.feature_row_id

)

select * from final
