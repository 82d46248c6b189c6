with gate_results as (

    select * from {{ source('runs', 'gate_results') }}

),

final as (

    select
        {{ row_id(['run_id', 'gate_row_id']) }} as gate_result_key,
        run_id,
        gate_row_id,
        layer,
        metric,
        subject,
        game_date,
        value,
        direction,
        warn_threshold,
        error_threshold,
        status,
        waived_by,
        waiver_reason,
        measured_as_of
    from gate_results

)

select * from final
