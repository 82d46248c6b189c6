with blocks as (

    select * from {{ source('evaluations', 'blocks') }}

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'block_start']) }} as block_id,
        evaluation_id,
        market,
        block_start,
        block_end,
        rows_scored,
        training_rows,
        training_end_date,
        max_result_known_at,
        model_version,
        seconds,
        _dlt_load_id as source_load_id
    from blocks

)

select * from final
