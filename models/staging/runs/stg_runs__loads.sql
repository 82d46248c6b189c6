with loads as (

    select * from {{ source('runs', 'loads') }}

),

final as (

    select
        run_id,
        load_key,
        source,
        resource,
        status,
        rows_loaded,
        received,
        rejected,
        unknown_fields,
        missing_fields,
        skipped,
        load_id,
        requests,
        http_statuses,
        started_at,
        finished_at,
        error_class,
        error
    from loads

)

select * from final
