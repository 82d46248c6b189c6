-- What a group of features buys: the error without it beside all, and with it beside the core alone. Above zero: it helps.
with made as (

    select * from {{ ref('stg_evaluations__feature_groups') }}

),

evaluations as (

    select * from {{ ref('stg_evaluations__evaluations') }}

),

final as (

    select
        made.feature_group_id as evaluation_feature_group_id,
        made.evaluation_id,
        evaluations.season,
        evaluations.information_set,
        evaluations.is_ceiling,
        made.market,
        made.choice,
        made.feature_group,
        made.features,
        made.rows_scored,
        made.mae_median,
        made.crps,
        case made.choice
            when 'without' then made.mae_median - beside.mae_median
            when 'core_with' then beside.mae_median - made.mae_median
        end as mae_gain,
        case made.choice
            when 'without' then made.crps - beside.crps
            when 'core_with' then beside.crps - made.crps
        end as crps_gain
    from made
    inner join evaluations
        on made.evaluation_id = evaluations.evaluation_id
    left join made as beside
        on
            made.evaluation_id = beside.evaluation_id
            and made.market = beside.market
            and beside.choice = case made.choice when 'without' then 'all' else 'core' end

)

select * from final
