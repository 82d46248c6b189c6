with model_versions as (

    select * from {{ source('forecasts', 'model_versions') }}

),

final as (

    select
        model_version,
        -- models of before there were others
        coalesce(system, 'catboost') as system,
        market,
        information_set,
        trained_as_of,
        trained_at,
        train_start_date,
        train_end_date,
        n_rows,
        feature_list,
        feature_list_hash,
        parameters,
        variance_law,
        library_versions,
        git_sha,
        max_source_load_id,
        metrics,
        _dlt_load_id as source_load_id
    from model_versions

)

select * from final
