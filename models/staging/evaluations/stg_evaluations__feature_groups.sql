with feature_groups as (

    select * from {{ source('evaluations', 'feature_groups') }}

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'choice', 'feature_group']) }} as feature_group_id,
        evaluation_id,
        market,
        choice,
        feature_group,
        features,
        rows_scored,
        mae_median,
        crps,
        seconds,
        _dlt_load_id as source_load_id
    from feature_groups

)

select * from final
