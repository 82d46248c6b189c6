{{ config(materialized='view') }}

{% set slices = {
    'all': ["'all'", "'all'"],
    'market': ['market', "'all'"],
    'month': ["'all'", 'month'],
    'market and month': ['market', 'month'],
} %}
-- The sums behind the record: each date's graded predictions and bets, as a whole, by market, by month and by both.
with rated as (

    select * from {{ ref('graded_predictions') }}

),

sliced as (

    {% for slice, (market, month) in slices.items() -%}
        select
            forecast_id,
            '{{ slice }}' as slice,
            {{ market }} as sliced_market,
            {{ month }} as sliced_month
        from rated
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        {{ row_id([
            'rated.run_mode', 'rated.system', 'rated.information_set', 'sliced.slice',
            'sliced.sliced_market', 'sliced.sliced_month', 'rated.game_date'
        ]) }} as record_day_id,
        rated.run_mode,
        rated.system,
        rated.information_set,
        sliced.slice,
        sliced.sliced_market as market,
        sliced.sliced_month as month,
        rated.game_date,
        count(*) as graded,
        {{ integer_sum('rated.absolute_error_x2') }} as error_x2,
        count(rated.line_absolute_error_x2) as with_line,
        {{ integer_sum(
            'case when rated.line_absolute_error_x2 is not null then rated.absolute_error_x2 end'
        ) }} as error_with_line_x2,
        {{ integer_sum('rated.line_absolute_error_x2') }} as line_error_x2,
        count(case when rated.market_log_loss is not null then rated.log_loss end) as judged,
        {{ integer_sum(
            'case when rated.market_log_loss is not null'
            ~ ' then cast(round(1000000 * rated.log_loss) as ' ~ dbt.type_bigint() ~ ') end'
        ) }} as log_loss_millionths,
        {{ integer_sum(
            'case when rated.log_loss is not null'
            ~ ' then cast(round(1000000 * rated.market_log_loss) as ' ~ dbt.type_bigint() ~ ') end'
        ) }} as market_log_loss_millionths,
        count(rated.profit) as bets,
        count(case when rated.is_won then 1 end) as bets_won,
        coalesce({{ integer_sum(
            'cast(round(1000000 * rated.profit) as ' ~ dbt.type_bigint() ~ ')'
        ) }}, 0) as profit_millionths,
        coalesce({{ integer_sum(
            'case when rated.profit is not null'
            ~ ' then cast(round(1000000 * rated.stake_share) as ' ~ dbt.type_bigint() ~ ') end'
        ) }}, 0) as staked_millionths,
        coalesce({{ integer_sum(
            'cast(round(1000000 * rated.stake_share * rated.profit) as ' ~ dbt.type_bigint() ~ ')'
        ) }}, 0) as stake_profit_millionths,
        count(rated.clv) as clv_bets,
        {{ integer_sum('cast(round(1000000 * rated.clv) as ' ~ dbt.type_bigint() ~ ')') }}
            as clv_millionths
    from rated
    inner join sliced
        on rated.forecast_id = sliced.forecast_id
    group by
        rated.run_mode, rated.system, rated.information_set, sliced.slice,
        sliced.sliced_market, sliced.sliced_month, rated.game_date

)

select * from final
