{{ config(materialized='view') }}

{% set slices = {
    'all': ["'all'", "'all'"],
    'market': ['market', "'all'"],
    'month': ["'all'", 'month'],
    'market and month': ['market', 'month'],
} %}
-- The sums behind the record: each date's graded predictions and bets, as a whole, by market, by month and by both.
with facts as (

    select * from {{ ref('graded_predictions') }}

),

sliced as (

    {% for slice, (market, month) in slices.items() -%}
        select
            forecast_id,
            '{{ slice }}' as slice,
            {{ market }} as sliced_market,
            {{ month }} as sliced_month
        from facts
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        {{ row_id([
            'facts.run_mode', 'facts.system', 'facts.information_set', 'sliced.slice',
            'sliced.sliced_market', 'sliced.sliced_month', 'facts.game_date'
        ]) }} as record_day_id,
        facts.run_mode,
        facts.system,
        facts.information_set,
        sliced.slice,
        sliced.sliced_market as market,
        sliced.sliced_month as month,
        facts.game_date,
        count(*) as graded,
        {{ integer_sum('facts.absolute_error_x2') }} as error_x2,
        count(facts.line_absolute_error_x2) as with_line,
        {{ integer_sum(
            'case when facts.line_absolute_error_x2 is not null then facts.absolute_error_x2 end'
        ) }} as error_with_line_x2,
        {{ integer_sum('facts.line_absolute_error_x2') }} as line_error_x2,
        count(case when facts.market_log_loss is not null then facts.log_loss end) as judged,
        {{ integer_sum(
            'case when facts.market_log_loss is not null'
            ~ ' then cast(round(1000000 * facts.log_loss) as ' ~ dbt.type_bigint() ~ ') end'
        ) }} as log_loss_millionths,
        {{ integer_sum(
            'case when facts.log_loss is not null'
            ~ ' then cast(round(1000000 * facts.market_log_loss) as ' ~ dbt.type_bigint() ~ ') end'
        ) }} as market_log_loss_millionths,
        count(facts.profit) as bets,
        count(case when facts.is_won then 1 end) as bets_won,
        coalesce({{ integer_sum(
            'cast(round(1000000 * facts.profit) as ' ~ dbt.type_bigint() ~ ')'
        ) }}, 0) as profit_millionths,
        coalesce({{ integer_sum(
            'case when facts.profit is not null'
            ~ ' then cast(round(1000000 * facts.stake_share) as ' ~ dbt.type_bigint() ~ ') end'
        ) }}, 0) as staked_millionths,
        coalesce({{ integer_sum(
            'cast(round(1000000 * facts.stake_share * facts.profit) as ' ~ dbt.type_bigint() ~ ')'
        ) }}, 0) as stake_profit_millionths,
        count(facts.clv) as clv_bets,
        {{ integer_sum('cast(round(1000000 * facts.clv) as ' ~ dbt.type_bigint() ~ ')') }}
            as clv_millionths
    from facts
    inner join sliced
        on facts.forecast_id = sliced.forecast_id
    group by
        facts.run_mode, facts.system, facts.information_set, sliced.slice,
        sliced.sliced_market, sliced.sliced_month, facts.game_date

)

select * from final
