with forecasts as (

    select * from {{ source('forecasts', 'forecasts') }}

),

final as (

    select
        forecast_id,
        run_id,
        system,
        run_mode,
        as_of,
        created_at,
        player_id,
        game_id,
        game_date,
        information_set,
        cut_off_at,
        market,
        model_version,
        mean,
        variance,
        quality_score,
        quality_issues,
        feature_source_load_id,
        input_hash,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from forecasts

)

select * from final
