-- How much a system is worth beside the market: the weight of least log-loss over the days before, or the prior's where those
-- tell too little.
with fitted as (

    select * from {{ ref('int_calibrations__fitted') }}

),

priors as (

    select * from {{ ref('calibration_priors') }}

),

final as (

    select
        fitted.calibration_id,
        fitted.run_mode,
        fitted.system,
        fitted.market,
        fitted.information_set,
        fitted.calibration_date,
        fitted.results,
        case when fitted.results >= {{ var('calibration_min_results') }} then 'fitted' else 'prior' end
            as basis,
        case
            when fitted.results >= {{ var('calibration_min_results') }}
                then {{ safe_divide('fitted.weight_percent', '100') }}
            else cast(priors.weight as {{ type_double() }})
        end as weight,
        fitted.mean_log_loss
    from fitted
    left join priors
        on fitted.information_set = priors.information_set

)

select * from final
