{{ config(materialized='view') }}

-- A prediction's whole way: the run, the model version, the feature row, and each raw load with what it told.
with questions as (

    select * from {{ ref('prediction_questions') }}

),

loads as (

    select * from {{ ref('prediction_loads') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

models as (

    -- Of the ensemble's, catboost's.
    select * from {{ ref('prediction_models') }}
    where is_main

),

model_versions as (

    select * from {{ ref('stg_forecasts__model_versions') }}

),

final as (

    select
        coalesce(loads.prediction_load_id, questions.forecast_id) as trace_id,
        questions.forecast_id,
        questions.game_date,
        questions.market,
        questions.player_id,
        questions.game_id,
        questions.information_set,
        questions.created_at,
        questions.run_id,
        runs.command,
        runs.run_mode,
        runs.started_at as run_started_at,
        runs.status as run_status,
        runs.trigger as run_trigger,
        runs.git_sha,
        questions.as_of,
        questions.model_version,
        model_versions.trained_as_of,
        model_versions.train_start_date,
        model_versions.train_end_date,
        model_versions.n_rows as training_rows,
        model_versions.feature_list_hash,
        model_versions.max_source_load_id as newest_training_load_id,
        questions.feature_row_id,
        questions.cut_off_at,
        -- A row that was not settled is built again until it is; then it may know more than the prediction did.
        questions.features_cut_off_at,
        questions.inputs_known_at,
        loads.role,
        loads.source,
        loads.resource,
        loads.load_id,
        loads.completed_at as load_completed_at,
        loads.requests,
        loads.http_statuses,
        loads.facts,
        loads.first_date,
        loads.last_date,
        loads.is_reloaded
    from questions
    left join runs
        on questions.run_id = runs.run_id
    left join models
        on questions.forecast_id = models.forecast_id
    left join model_versions
        on models.model_version = model_versions.model_version
    left join loads
        on questions.forecast_id = loads.forecast_id

)

select * from final
