-- Every prediction of the published system on the slate has a run, a model version, a feature row, box scores and a schedule behind it,
-- and no load that dlt does not know to have completed.
with predictions as (

    select forecast_id
    from {{ ref('active_player_prop_predictions') }}
    where game_date = {{ slate_date() }} and system = '{{ var("published_system") }}'

),

traced as (

    select
        forecast_id,
        max(run_started_at) as run_started_at,
        max(trained_as_of) as trained_as_of,
        max(feature_row_id) as feature_row_id,
        count(case when role = 'own box scores' then 1 end) as box_scores,
        count(case when role = 'schedule' then 1 end) as schedules,
        count(case when load_id is not null and source is null then 1 end) as unknown_loads
    from {{ ref('prediction_trace') }}
    where game_date = {{ slate_date() }}
    group by forecast_id

)

select
    predictions.forecast_id,
    traced.run_started_at,
    traced.trained_as_of,
    traced.feature_row_id,
    traced.box_scores,
    traced.schedules,
    traced.unknown_loads
from predictions
left join traced
    on predictions.forecast_id = traced.forecast_id
where
    traced.run_started_at is null
    or traced.trained_as_of is null
    or traced.feature_row_id is null
    or traced.box_scores = 0
    or traced.schedules = 0
    or traced.unknown_loads > 0
