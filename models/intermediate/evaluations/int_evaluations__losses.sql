-- What each weight of a system beside the market would have cost on a day, and over the whole days before it.
with evidence as (

    select * from {{ ref('int_evaluations__evidence') }}

),

weights as (

    {% for percent in range(0, 101, 5) -%}
        select {{ percent }} as weight_percent
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

mixed as (

    select
        evidence.evaluation_id,
        evidence.information_set,
        evidence.market,
        evidence.system,
        evidence.game_date,
        evidence.is_over,
        weights.weight_percent,
        {{ mixed_log_odds(
            'evidence.model_odds', 'evidence.market_odds', 'weights.weight_percent'
        ) }} as log_odds
    from evidence
    cross join weights

),

days as (

    select
        evaluation_id,
        information_set,
        market,
        system,
        game_date,
        weight_percent,
        {{ days_between("cast('" ~ var('first_game_date') ~ "' as date)", 'game_date') }}
            as day_number,
        -- A push decides nothing, but its day still asks for a weight.
        count(is_over) as results,
        coalesce({{ integer_sum(
            'cast(round(1000000 * ' ~ log_loss('log_odds', 'is_over') ~ ') as ' ~ dbt.type_bigint() ~ ')'
        ) }}, 0) as loss_millionths
    from mixed
    group by evaluation_id, information_set, market, system, game_date, weight_percent

),

{% set earlier_days %}(
            partition by evaluation_id, market, system, weight_percent
            order by day_number asc
            range between {{ var('calibration_days') }} preceding and 1 preceding
        ){% endset %}
final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'game_date', 'weight_percent']) }}
            as day_loss_id,
        *,
        coalesce({{ integer_sum('results', earlier_days) }}, 0) as earlier_results,
        {{ integer_sum('loss_millionths', earlier_days) }} as earlier_loss_millionths
    from days

)

select * from final
