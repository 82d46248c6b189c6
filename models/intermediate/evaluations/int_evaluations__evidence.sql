-- Forecasts at a closing line that both sides are quoted of: log-odds of the system and of the market, and what happened.
with scores as (

    select * from {{ ref('stg_evaluations__scores') }}
    where
        market_probability > 0
        and market_probability < 1
        and over_probability is not null
        -- the market's own numbers are no forecast of it
        and system not in ('consensus_line', 'market_implied', 'market_blend')

),

evaluations as (

    select * from {{ ref('stg_evaluations__evaluations') }}

),

final as (

    select
        scores.score_id,
        scores.evaluation_id,
        evaluations.information_set,
        scores.market,
        scores.system,
        scores.game_date,
        scores.over_price,
        scores.under_price,
        scores.push_probability,
        scores.over_probability as model_probability,
        scores.market_probability,
        {{ logit('scores.over_probability') }} as model_odds,
        {{ logit('scores.market_probability') }} as market_odds,
        case
            when scores.actual > scores.line then true
            when scores.actual < scores.line then false
        end as is_over,
        coalesce(scores.is_line_newer, false) as is_line_newer
    from scores
    inner join evaluations
        on scores.evaluation_id = evaluations.evaluation_id

)

select * from final
