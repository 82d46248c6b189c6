-- How each system has done, live and replay apart: error beside the line's, and bets at their own prices.
with accuracy as (

    select * from {{ ref('prediction_accuracy') }}

),

final as (

    select
        {{ row_id(['run_mode', 'system', 'market', 'information_set']) }} as performance_id,
        run_mode,
        system,
        market,
        information_set,
        count(case when grade = 'graded' then 1 end) as graded,
        count(case when grade = 'void' then 1 end) as void,
        count(case when grade = 'pending' then 1 end) as pending,
        {{ safe_divide(
            "sum(case when grade = 'graded' then absolute_error end)",
            "count(case when grade = 'graded' then 1 end)"
        ) }} as mean_absolute_error,
        count(case when grade = 'graded' and line is not null then 1 end) as graded_with_line,
        {{ safe_divide(
            "sum(case when grade = 'graded' and line is not null then absolute_error end)",
            "count(case when grade = 'graded' and line is not null then 1 end)"
        ) }} as mean_absolute_error_with_line,
        {{ safe_divide(
            "sum(case when grade = 'graded' and line is not null then "
            ~ "cast(round(2 * line_absolute_error) as " ~ dbt.type_bigint() ~ ") end)",
            "2 * count(case when grade = 'graded' and line is not null then 1 end)"
        ) }} as line_mean_absolute_error,
        count(profit) as bets,
        count(case when is_won then 1 end) as bets_won,
        {{ safe_divide(
            "sum(cast(round(1000000 * profit) as " ~ dbt.type_bigint() ~ "))",
            "1000000 * count(profit)"
        ) }} as return_on_stake
    from accuracy
    group by run_mode, system, market, information_set

)

select * from final
