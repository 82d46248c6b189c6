-- The weight of the model's log-odds beside the market's on each game date, from whole earlier days of the evaluation alone.
with evidence as (

    select * from {{ ref('int_evaluations__evidence') }}
    where is_over is not null

),

evaluations as (

    select * from {{ ref('stg_evaluations__evaluations') }}

),

priors as (

    select * from {{ ref('calibration_priors') }}

),

candidates as (

    select * from {{ ref('calibration_grid') }}

),

losses as (

    select
        evidence.evaluation_id,
        evidence.market,
        evidence.system,
        evidence.game_date,
        candidates.weight,
        candidates.weight_x20,
        count(*) as n,
        sum({{ millionths(log_loss(
            blended_probability(
                'evidence.model_probability', 'evidence.market_probability', 'candidates.weight'
            ),
            'evidence.is_over'
        )) }}) as loss
    from evidence
    cross join candidates
    group by
        evidence.evaluation_id,
        evidence.market,
        evidence.system,
        evidence.game_date,
        candidates.weight,
        candidates.weight_x20

),

final as (

    select 1

)

select * from final
