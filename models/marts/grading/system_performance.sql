-- How each system has done, live and replay apart: error beside the line's, probabilities beside the books', and bets at their
-- own prices.
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
        count(log_loss) as graded_probabilities,
        {{ mean_in_millionths('log_loss') }} as mean_log_loss,
        {{ mean_in_millionths('model_log_loss') }} as mean_model_log_loss,
        {{ mean_in_millionths('market_log_loss') }} as mean_market_log_loss,
        {{ mean_in_millionths('brier_score') }} as mean_brier_score,
        count(profit) as bets,
        count(case when is_won then 1 end) as bets_won,
        {{ mean_in_millionths('profit') }} as return_on_stake,
        coalesce({{ sum_in_millionths('case when profit is not null then stake_share end') }}, 0)
            as staked,
        coalesce({{ sum_in_millionths('stake_share * profit') }}, 0) as stake_profit,
        {{ safe_divide(
            sum_in_millionths('stake_share * profit'),
            sum_in_millionths('case when profit is not null then stake_share end')
        ) }} as return_on_staked,
        count(closing_line_value) as bets_with_closing_line,
        {{ mean_in_millionths('closing_line_value') }} as mean_closing_line_value
    from accuracy
    group by run_mode, system, market, information_set

)

select * from final
