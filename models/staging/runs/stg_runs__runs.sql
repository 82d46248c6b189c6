with runs as (

    select * from {{ source('runs', 'runs') }}

),

final as (

    select
        run_id,
        command,
        run_mode,
        as_of,
        started_at,
        finished_at,
        status,
        game_date_from,
        game_date_to,
        gated_from,
        git_sha,
        error
    from runs

)

select * from final
