-- Reliability: of the predictions that gave the over so many tenths, how many went over; the market's beside ours.
with graded as (

    select * from {{ ref('graded_predictions') }}
    where is_over is not null and called_probability is not null

),

sliced as (

    {% for market in ["'all'", 'market'] -%}
        {% for judge, probability in [
            ('us', 'called_probability'), ('market', 'market_over_probability')
        ] -%}
            select
                run_mode,
                system,
                information_set,
                {{ market }} as market,
                '{{ judge }}' as judge,
                is_over,
                {{ probability }} as probability,
                case
                    when {{ probability }} >= 1 then 9
                    else cast(floor(10 * {{ probability }}) as {{ dbt.type_bigint() }})
                end as tenth
            from graded
            where market_over_probability is not null
            {{ 'union all' if not loop.last }}
        {% endfor %}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

tenths as (

    select
        run_mode,
        system,
        information_set,
        market,
        judge,
        tenth,
        count(*) as n,
        {{ integer_sum('is_over') }} as overs,
        {{ integer_sum('cast(round(1000000 * probability) as ' ~ dbt.type_bigint() ~ ')') }}
            as probability_millionths
    from sliced
    group by run_mode, system, information_set, market, judge, tenth

),

shares as (

    select
        *,
        {{ safe_divide('overs', 'n') }} as share
    from tenths

),

final as (

    select
        {{ row_id(['run_mode', 'system', 'information_set', 'market', 'judge', 'tenth']) }}
            as calibration_id,
        run_mode,
        system,
        information_set,
        market,
        judge,
        tenth,
        n,
        overs,
        round({{ safe_divide('probability_millionths', '1000000 * n') }}, 4) as mean_probability,
        round(share, 4) as share_over,
        -- Wilson's interval: it holds for few predictions too
        round(
            (share + 1.9208 / n - 1.96 * sqrt((share * (1 - share) + 0.9604 / n) / n))
            / (1 + 3.8416 / n),
            4
        ) as share_low,
        round(
            (share + 1.9208 / n + 1.96 * sqrt((share * (1 - share) + 0.9604 / n) / n))
            / (1 + 3.8416 / n),
            4
        ) as share_high
    from shares

)

select * from final
