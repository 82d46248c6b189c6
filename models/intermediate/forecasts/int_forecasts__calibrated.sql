{{ config(materialized='view') }}

-- Each forecast with the probability that is published of it: log odds of the system and of the market, mixed by the weight
-- that was known when it was made. Null where the books' view of the line is not known.
with measured as (

    select * from {{ ref('int_forecasts__measured') }}
    where {{ every_game_date() }}

),

calibrations as (

    select * from {{ ref('calibration_weights') }}

),

weighted as (

    select
        measured.*,
        calibrations.weight as calibration_weight
    from measured
    left join calibrations
        on
            measured.run_mode = calibrations.run_mode
            and measured.system = calibrations.system
            and measured.market = calibrations.market
            and measured.information_set = calibrations.information_set
            and {{ calibration_date('measured.as_of', 'measured.game_date') }}
            = calibrations.calibration_date

),

mixed as (

    select
        *,
        {{ from_logit(mixed_log_odds(
            logit(given_no_push('probability_over', 'probability_under')),
            logit('market_over_probability'),
            '100 * calibration_weight'
        )) }} as over_given_no_push
    from weighted

),

final as (

    select
        *,
        over_given_no_push * (1 - probability_push) as published_over_probability,
        case when over_given_no_push is not null then probability_push end
            as published_push_probability,
        (1 - over_given_no_push) * (1 - probability_push) as published_under_probability
    from mixed

)

select * from final
