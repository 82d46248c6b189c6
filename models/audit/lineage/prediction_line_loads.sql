{{ config(materialized='view') }}

-- The loads that gave the lines and prices behind each prediction, and those of the forecast and its model.
with questions as (

    select * from {{ ref('prediction_questions') }}

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where {{ every_game_date() }} and player_id is not null and game_id is not null

),

game_lines as (

    select * from {{ ref('int_game_lines__resolved') }}

),

models as (

    select * from {{ ref('prediction_models') }}

),

model_versions as (

    select * from {{ ref('stg_forecasts__model_versions') }}

),

facts as (

    select
        questions.forecast_id,
        'prop lines' as role,
        'player_props' as resource,
        quotes.source_load_id as load_id,
        {{ eastern_date('quotes.known_at') }} as fact_date
    from questions
    inner join quotes
        on
            questions.game_id = quotes.game_id
            and questions.player_id = quotes.player_id
    where
        {{ known_before('quotes.known_at', 'questions.cut_off_at', 'questions.tipoff_at') }}
        -- The price beside the prediction is that of the instant it was made at.
        or (
            questions.market = quotes.market
            and {{ known_before('quotes.known_at', 'questions.as_of', 'questions.tipoff_at') }}
        )
    union all
    select
        questions.forecast_id,
        'game lines' as role,
        'game_lines' as resource,
        game_lines.source_load_id as load_id,
        {{ eastern_date('game_lines.known_at') }} as fact_date
    from questions
    inner join game_lines
        on
            questions.game_id = game_lines.game_id
            and {{ known_before(
                'game_lines.known_at', 'questions.cut_off_at', 'questions.tipoff_at'
            ) }}
    union all
    select
        forecast_id,
        'forecast' as role,
        'forecasts' as resource,
        source_load_id as load_id,
        game_date as fact_date
    from questions
    union all
    select
        models.forecast_id,
        'model' as role,
        'model_versions' as resource,
        model_versions.source_load_id as load_id,
        model_versions.train_end_date as fact_date
    from models
    inner join model_versions
        on models.model_version = model_versions.model_version

),

final as (

    {{ facts_by_load('facts') }}

)

select * from final
