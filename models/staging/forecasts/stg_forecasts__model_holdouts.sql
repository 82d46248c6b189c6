with holdouts as (

    select * from {{ source('forecasts', 'model_holdouts') }}

),

final as (

    select
        {{ row_id(['model_version', to_text('game_date')]) }} as holdout_id,
        model_version,
        game_date,
        n_rows,
        outcomes,
        absolute_error as absolute_error_millionths
    from holdouts

)

select * from final
