-- The record of each system as a whole, by market, by month and by both. The return's interval takes a date's bets as one.
with days as (

    select * from {{ ref('record_days') }}

),

totals as (

    select
        run_mode,
        system,
        information_set,
        slice,
        market,
        month,
        min(game_date) as first_date,
        max(game_date) as last_date,
        count(*) as dates,
        {% for count in [
            'graded', 'error_x2', 'with_line', 'error_with_line_x2', 'line_error_x2', 'judged',
            'log_loss_millionths', 'market_log_loss_millionths', 'bets', 'bets_won',
            'profit_millionths', 'staked_millionths', 'stake_profit_millionths', 'clv_bets',
            'clv_millionths'
        ] -%}
            {{ integer_sum(count) }} as {{ count }},
        {% endfor -%}
        count(case when bets > 0 then 1 end) as bet_dates,
        {{ integer_sum('bets * bets') }} as bets_squared,
        sum(profit_millionths / 1000000 * bets) as profit_by_bets,
        sum(profit_millionths / 1000000 * (profit_millionths / 1000000)) as profit_squared
    from days
    group by run_mode, system, information_set, slice, market, month

),

returned as (

    select
        *,
        {{ safe_divide('profit_millionths', '1000000 * bets') }} as return_on_stake
    from totals

),

spread as (

    -- The sum over dates of (a date's profit less the overall return on its bets), squared.
    select
        *,
        profit_squared - 2 * return_on_stake * profit_by_bets
        + return_on_stake * return_on_stake * bets_squared as squares
    from returned

),

measured as (

    select
        *,
        case
            when bet_dates > 1 and squares >= 0
                then
                    sqrt({{ safe_divide('bet_dates', 'bet_dates - 1') }} * squares)
                    / nullif(bets, 0)
        end as return_standard_error
    from spread

),

final as (

    select
        {{ row_id(['run_mode', 'system', 'information_set', 'slice', 'market', 'month']) }}
            as slice_id,
        run_mode,
        system,
        information_set,
        slice,
        market,
        month,
        first_date,
        last_date,
        dates,
        graded,
        with_line,
        judged,
        bets,
        bets_won,
        bet_dates,
        clv_bets,
        round({{ safe_divide('error_x2', '2 * graded') }}, 4) as mean_absolute_error,
        round({{ safe_divide('error_with_line_x2', '2 * with_line') }}, 4)
            as mean_absolute_error_with_line,
        round({{ safe_divide('line_error_x2', '2 * with_line') }}, 4) as line_mean_absolute_error,
        round({{ safe_divide('log_loss_millionths', '1000000 * judged') }}, 4) as log_loss,
        round({{ safe_divide('market_log_loss_millionths', '1000000 * judged') }}, 4)
            as market_log_loss,
        round(return_on_stake, 4) as return_on_stake,
        round(return_standard_error, 4) as return_standard_error,
        round(return_on_stake - 1.96 * return_standard_error, 4) as return_low,
        round(return_on_stake + 1.96 * return_standard_error, 4) as return_high,
        round({{ safe_divide('stake_profit_millionths', 'staked_millionths') }}, 4)
            as return_on_staked,
        round({{ safe_divide('clv_millionths', '1000000 * clv_bets') }}, 4) as mean_clv
    from measured

)

select * from final
