with backfill_dates as (

    select * from {{ source('runs', 'backfill_dates') }}

),

final as (

    select
        {{ row_id(['backfill_id', 'game_date']) }} as backfill_date_key,
        backfill_id,
        game_date,
        source,
        mode,
        requested_from,
        requested_to,
        reason,
        status,
        attempts,
        run_id,
        error,
        updated_at
    from backfill_dates

)

select * from final
