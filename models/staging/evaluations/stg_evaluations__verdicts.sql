with verdicts as (

    select * from {{ source('evaluations', 'verdicts') }}

),

final as (

    select
        verdict_id,
        evaluation_id,
        bar,
        information_set,
        is_ceiling,
        figure,
        value,
        alarm_below,
        verdict,
        run_id,
        told_at,
        _dlt_load_id as source_load_id
    from verdicts

)

select * from final
