{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecast_days__inputs')) }}",
    **by_game_date(),
) }}

-- What each weight of a system beside the market would have cost on a day, in millionths of log-loss, so that days add up.
with evidence as (

    select * from {{ ref('int_forecasts__evidence') }}
    where {{ rebuild_changed(
        ref('int_forecast_days__inputs'), 'game_date', also=['inputs_version']
    ) }}

),

days as (

    select * from {{ ref('int_forecast_days__inputs') }}

),

weights as (

    {% for percent in range(0, 101, 5) -%}
        select {{ percent }} as weight_percent
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

odds as (

    select
        *,
        {{ logit('model_over_probability') }} as model_odds,
        {{ logit('market_over_probability') }} as market_odds
    from evidence

),

mixed as (

    select
        odds.run_mode,
        odds.system,
        odds.market,
        odds.information_set,
        odds.game_date,
        odds.is_over,
        weights.weight_percent,
        {{ mixed_log_odds('odds.model_odds', 'odds.market_odds', 'weights.weight_percent') }}
            as log_odds
    from odds
    cross join weights

),

summed as (

    select
        run_mode,
        system,
        market,
        information_set,
        game_date,
        weight_percent,
        count(*) as results,
        {{ integer_sum(
            'cast(round(1000000 * ' ~ log_loss('log_odds', 'is_over') ~ ') as ' ~ dbt.type_bigint() ~ ')'
        ) }} as loss_millionths
    from mixed
    group by run_mode, system, market, information_set, game_date, weight_percent

),

final as (

    select
        {{ row_id([
            'summed.run_mode', 'summed.system', 'summed.market', 'summed.information_set',
            'summed.game_date', 'summed.weight_percent'
        ]) }} as day_loss_id,
        summed.*,
        days.inputs_version,
        days.loaded_at
    from summed
    inner join days
        on summed.game_date = days.game_date

)

select * from final
