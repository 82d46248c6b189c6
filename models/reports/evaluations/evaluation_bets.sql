-- Bets at the best prices, by the least expected value that they were made at: every threshold is shown, none is chosen.
{% set thresholds = ['0.00', '0.02', '0.03', '0.05', '0.08', '0.10'] %}
{% set probabilities = {'published': 'probability', 'alone': 'model_probability'} %}
{% set group = 'evaluation_id, market, system, probability_of, threshold_percent' %}
{% set million = 'cast(round(1000000 * {}) as ' ~ dbt.type_bigint() ~ ')' %}

with published as (

    select * from {{ ref('int_evaluations__published') }}

),

said as (

    {% for name, column in probabilities.items() -%}
        select
            evaluation_id,
            market,
            system,
            '{{ name }}' as probability_of,
            game_date,
            over_price,
            under_price,
            is_over,
            is_line_newer,
            {{ column }} * (1 - push_probability) as over_probability,
            (1 - {{ column }}) * (1 - push_probability) as under_probability
        from published
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

valued as (

    select
        *,
        over_probability * ({{ profit_of_one('over_price') }}) - under_probability as over_value,
        under_probability * ({{ profit_of_one('under_price') }}) - over_probability as under_value
    from said

),

sided as (

    select
        *,
        coalesce(over_value, -1) >= coalesce(under_value, -1) as is_bet_on_over,
        {{ greatest_known(['over_value', 'under_value']) }} as expected_value
    from valued
    where over_value is not null or under_value is not null

),

settled as (

    select
        *,
        case
            when is_over is null then 0.0
            when is_over and is_bet_on_over then {{ profit_of_one('over_price') }}
            when not is_over and not is_bet_on_over then {{ profit_of_one('under_price') }}
            else -1.0
        end as profit,
        is_over = is_bet_on_over as is_won
    from sided

),

days as (

    {% for threshold in thresholds -%}
        select
            evaluation_id,
            market,
            system,
            probability_of,
            cast({{ (threshold | float * 100) | round | int }} as {{ dbt.type_bigint() }})
                as threshold_percent,
            game_date,
            count(*) as bets,
            count(is_won) as decided,
            count(case when is_won then 1 end) as won,
            count(case when is_line_newer then 1 end) as bets_on_newer_lines,
            {{ integer_sum(million.format('profit')) }} as profit
        from settled
        where expected_value >= {{ threshold }}
        group by evaluation_id, market, system, probability_of, game_date
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (

    select
        *,
        {{ integer_sum('bets', '(partition by ' ~ group ~ ')') }} as total_bets,
        {{ integer_sum('profit', '(partition by ' ~ group ~ ')') }} as total_profit
    from days

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'probability_of', 'threshold_percent']) }}
            as evaluation_bet_id,
        evaluation_id,
        market,
        system,
        probability_of,
        threshold_percent,
        {{ integer_sum('bets') }} as bets,
        {{ integer_sum('bets_on_newer_lines') }} as bets_on_newer_lines,
        {{ integer_sum('won') }} as won,
        count(*) as game_dates,
        {{ safe_divide('sum(won)', 'sum(decided)') }} as hit_rate,
        {{ safe_divide('sum(profit)', '1000000 * sum(bets)') }} as return_on_stake,
        {{ clustered_margin('profit', 'bets', 'total_profit', 'total_bets') }} / 1000000
            as return_margin
    from totals
    group by evaluation_id, market, system, probability_of, threshold_percent

)

select * from final
