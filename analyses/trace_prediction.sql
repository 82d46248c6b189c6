-- Where a prediction comes from, a row a raw load behind it:
-- dbt show --select trace_prediction --limit 500 --vars 'prediction: <forecast_id>'
select
    role,
    source,
    resource,
    load_id,
    load_completed_at,
    requests,
    http_statuses,
    facts,
    first_date,
    last_date,
    is_reloaded,
    run_id,
    run_started_at,
    as_of,
    run_trigger,
    git_sha,
    model_version,
    train_start_date,
    train_end_date,
    feature_list_hash,
    feature_row_id,
    information_set,
    cut_off_at,
    inputs_known_at
from {{ ref('prediction_trace') }}
where forecast_id = '{{ var("prediction") }}'
order by role asc, source asc, resource asc, load_id asc
