{{ config(materialized='view') }}

-- The measured values of a gate from date to date, each against the seven before it.
with results as (

    select * from {{ ref('gate_results') }}
    where is_latest and value is not null

),

windows as (

    select
        gate_row_id,
        layer,
        metric,
        subject,
        game_date,
        value,
        status,
        avg(value) over before_it as mean_7,
        stddev_samp(value) over before_it as std_7,
        count(*) over before_it as n_7
    from results
    window before_it as (
        partition by layer, metric, subject
        order by game_date rows between 7 preceding and 1 preceding
    )

),

final as (

    select
        *,
        {{ safe_divide('value - mean_7', 'std_7') }} as z_score,
        {{ safe_divide('value - mean_7', 'mean_7') }} as relative_change
    from windows

)

select * from final
