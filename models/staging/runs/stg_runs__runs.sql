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
        trigger,
        deployment,
        flow_run_id,
        scheduled_at,
        caused_by,
        mode,
        reason,
        git_sha,
        error,
        error_class,
        host,
        process_id,
        project_fingerprint,
        vars_hash,
        versions,
        information_set,
        is_degraded,
        degraded_reason
    from runs

)

select * from final
