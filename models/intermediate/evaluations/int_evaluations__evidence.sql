-- Forecasts at a closing line whose market quotes both sides: the system's P(over), the market's, and what happened.
with scores as (

    select * from {{ ref('stg_evaluations__scores') }}
    where
        line is not null
        and market_probability > 0 and market_probability < 1
        and over_probability is not null
        -- the market's own numbers are no forecast of it
        and system not in ('consensus_line', 'market_implied', 'market_blend')

),

final as (

    select
        score_id,
        evaluation_id,
        market,
        system,
        player_id,
        game_id,
        game_date,
        line,
        over_price,
        under_price,
        push_probability,
        {{ bounded_probability('over_probability') }} as model_probability,
        {{ bounded_probability('market_probability') }} as market_probability,
        case when actual > line then 1 when actual < line then 0 end as is_over,
        coalesce(is_line_newer, false) as is_line_newer
    from scores

)

select * from final
