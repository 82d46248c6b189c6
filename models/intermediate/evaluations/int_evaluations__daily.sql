-- Sums of scores by day and by what a stratum can ask for, in millionths, so that days add up alike everywhere.
{% set figures = ['absolute_error', 'pinball', 'crps'] %}
{% set million = 'cast(round(1000000 * {}) as ' ~ dbt.type_bigint() ~ ')' %}

with scores as (

    select
        *,
        coalesce(line is not null and market_probability > 0 and market_probability < 1, false)
            as has_line,
        case
            when expected_minutes < 10 then '00-10'
            when expected_minutes < 15 then '10-15'
            when expected_minutes < 20 then '15-20'
            when expected_minutes < 25 then '20-25'
            when expected_minutes < 30 then '25-30'
            when expected_minutes >= 30 then '30+'
            else 'unknown'
        end as minutes_band
    from {{ ref('stg_evaluations__scores') }}

),

final as (

    select
        {{ row_id([
            'evaluation_id', 'market', 'system', 'game_date', 'minutes_band', 'is_home', 'has_line',
            'is_compared',
        ]) }} as daily_id,
        evaluation_id,
        market,
        system,
        game_date,
        minutes_band,
        is_home,
        has_line,
        is_compared,
        count(*) as n,
        {% for figure in figures -%}
            {{ integer_sum(million.format(figure)) }} as {{ figure }},
        {% endfor -%}
        {{ integer_sum(million.format('abs(mean_error)')) }} as mean_absolute_error,
        {{ integer_sum(million.format('mean_error * mean_error')) }} as squared_error,
        -- of a point there is no interval
        {% for level in [50, 80, 90] -%}
            case
                when count(is_within_{{ level }}) > 0
                    then 1000000 * count(case when is_within_{{ level }} then 1 end)
            end as within_{{ level }},
        {% endfor -%}
        {{ integer_sum(million.format('mean_error')) }} as mean_error
    from scores
    group by
        evaluation_id,
        market,
        system,
        game_date,
        minutes_band,
        is_home,
        has_line,
        is_compared

)

select * from final
