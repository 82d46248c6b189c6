-- What became of the user's own bets, apart from the model's record: by month and market, by each alone, and in all.
-- depends_on: {{ ref('gate_predictions') }}
{% set all = "'all'" %}
{% set grains = [('month', 'market'), ('month', all), (all, 'market'), (all, all)] %}

with bets as (

    select
        *,
        substr({{ to_text('bet_date') }}, 1, 7) as month,
        cast(round(1000000 * stake) as {{ dbt.type_bigint() }}) as stake_millionths,
        cast(round(1000000 * profit) as {{ dbt.type_bigint() }}) as profit_millionths,
        cast(round(1000000 * clv) as {{ dbt.type_bigint() }}) as clv_millionths,
        result in ('won', 'lost', 'push') as is_settled
    from {{ ref('bet_accuracy') }}

),

counted as (

    {% for month, market in grains -%}
        select
            {{ month }} as month,
            {{ market }} as market,
            count(*) as bets,
            {% for result in ['won', 'lost', 'push', 'void', 'pending', 'unresolved'] -%}
                count(case when result = '{{ result }}' then 1 end) as {{ result }},
            {% endfor -%}
            {{ safe_divide(
                'coalesce(sum(case when is_settled then stake_millionths end), 0)', '1000000'
            ) }} as staked,
            {{ safe_divide('coalesce(sum(profit_millionths), 0)', '1000000') }} as profit,
            {{ safe_divide(
                'sum(profit_millionths)', 'sum(case when is_settled then stake_millionths end)'
            ) }} as return_on_stake,
            count(clv_millionths) as bets_with_clv,
            {{ safe_divide('sum(clv_millionths)', '1000000 * count(clv_millionths)') }}
                as mean_clv
        from bets
        {% set columns = [month, market] | reject('equalto', all) | list -%}
        {{ 'group by ' ~ columns | join(', ') if columns else 'having count(*) > 0' }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (

    select
        {{ row_id(['month', 'market']) }} as record_id,
        *
    from counted

)

select * from final
