-- P(over) as it would have been published: log-odds beside the market's by the weight that the days before ask for.
with evidence as (

    select * from {{ ref('int_evaluations__evidence') }}

),

losses as (

    select * from {{ ref('int_evaluations__losses') }}

),

priors as (

    select * from {{ ref('calibration_priors') }}

),

ranked as (

    select
        *,
        -- Between weights that cost the same, the one nearer to the market.
        row_number() over (
            partition by evaluation_id, market, system, game_date
            order by earlier_loss_millionths asc, weight_percent asc
        ) as loss_rank
    from losses

),

weights as (

    select
        ranked.evaluation_id,
        ranked.market,
        ranked.system,
        ranked.game_date,
        case
            when ranked.earlier_results >= {{ var('calibration_min_results') }}
                then cast(ranked.weight_percent as {{ type_double() }})
            else 100 * cast(priors.weight as {{ type_double() }})
        end as weight_percent,
        case
            when ranked.earlier_results >= {{ var('calibration_min_results') }} then 'fitted'
            else 'prior'
        end as basis
    from ranked
    left join priors
        on ranked.information_set = priors.information_set
    where ranked.loss_rank = 1

),

mixed as (

    select
        evidence.*,
        weights.weight_percent,
        weights.basis,
        {{ mixed_log_odds(
            'evidence.model_odds', 'evidence.market_odds', 'weights.weight_percent'
        ) }} as log_odds
    from evidence
    inner join weights
        on
            evidence.evaluation_id = weights.evaluation_id
            and evidence.market = weights.market
            and evidence.system = weights.system
            and evidence.game_date = weights.game_date

),

final as (

    select
        *,
        {{ from_logit('log_odds') }} as probability,
        {{ log_loss('log_odds', 'is_over') }} as log_loss,
        {{ log_loss('model_odds', 'is_over') }} as model_log_loss,
        {{ log_loss('market_odds', 'is_over') }} as market_log_loss
    from mixed

)

select * from final
