{{ config(materialized='view') }}

-- The weight of each system beside the market that cost least over the whole days before, for every day of a forecast. The
-- day itself and later ones have no say.
with losses as (

    select * from {{ ref('int_forecast_days__losses') }}

),

-- The days that are asked for: of every forecast, played or not.
asked as (

    select distinct
        run_mode,
        system,
        market,
        information_set,
        {{ calibration_date('as_of', 'game_date') }} as calibration_date
    from {{ ref('int_forecasts__measured') }}
    where {{ every_game_date() }}

),

weights as (

    select distinct weight_percent from losses

),

stream as (

    select
        run_mode,
        system,
        market,
        information_set,
        game_date,
        weight_percent,
        results,
        loss_millionths,
        false as is_asked
    from losses
    union all
    select
        asked.run_mode,
        asked.system,
        asked.market,
        asked.information_set,
        asked.calibration_date as game_date,
        weights.weight_percent,
        0 as results,
        0 as loss_millionths,
        true as is_asked
    from asked
    cross join weights

),

numbered as (

    select
        *,
        {{ days_between("cast('" ~ var('first_game_date') ~ "' as date)", 'game_date') }}
            as day_number
    from stream

),

summed as (

    select
        *,
        {{ integer_sum('results', earlier_days()) }} as earlier_results,
        {{ integer_sum('loss_millionths', earlier_days()) }} as earlier_loss_millionths
    from numbered

),

ranked as (

    select
        *,
        -- Between weights that cost the same, the one nearer to the market.
        row_number() over (
            partition by run_mode, system, market, information_set, game_date
            order by earlier_loss_millionths asc, weight_percent asc
        ) as loss_rank
    from summed
    where is_asked

),

final as (

    select
        {{ row_id([
            'asked.run_mode', 'asked.system', 'asked.market', 'asked.information_set',
            'asked.calibration_date'
        ]) }} as calibration_id,
        asked.run_mode,
        asked.system,
        asked.market,
        asked.information_set,
        asked.calibration_date,
        coalesce(ranked.earlier_results, 0) as results,
        case when ranked.earlier_results > 0 then ranked.weight_percent end as weight_percent,
        {{ safe_divide('ranked.earlier_loss_millionths', '1000000 * ranked.earlier_results') }}
            as mean_log_loss
    from asked
    left join ranked
        on
            asked.run_mode = ranked.run_mode
            and asked.system = ranked.system
            and asked.market = ranked.market
            and asked.information_set = ranked.information_set
            and asked.calibration_date = ranked.game_date
            and ranked.loss_rank = 1

)

select * from final
