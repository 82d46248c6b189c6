with evaluations as (

    select * from {{ source('evaluations', 'evaluations') }}

),

final as (

    select
        evaluation_id,
        season,
        start_date,
        end_date,
        is_whole_season,
        markets,
        information_set,
        is_ceiling,
        features_hash,
        parameters,
        code_version,
        examples_hash,
        git_sha,
        run_id,
        started_at,
        finished_at,
        player_games,
        _dlt_load_id as source_load_id
    from evaluations

)

select * from final
