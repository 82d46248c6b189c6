-- Scores of every system on the same player-games, by stratum, with 95 % intervals that take whole days as one draw.
{% set figures = {
    'mae_median': 'absolute_error', 'mae_mean': 'mean_absolute_error', 'pin19': 'pinball',
    'crps': 'crps', 'c50': 'within_50', 'c80': 'within_80', 'c90': 'within_90',
} %}
{% set sums = figures.values() | list + ['squared_error', 'mean_error'] %}

with days as (

    select * from {{ ref('int_evaluations__strata') }}

),

evaluations as (

    select * from {{ ref('int_evaluations__markets') }}

),

totals as (

    select
        evaluation_id,
        market,
        system,
        scope,
        stratum,
        count(*) as game_dates,
        {% for name in sums -%}
            {{ integer_sum(name) }} as {{ name }},
        {% endfor -%}
        {{ integer_sum('n') }} as n
    from days
    group by evaluation_id, market, system, scope, stratum

),

compared as (

    select
        totals.*,
        season_averages.absolute_error as season_average_error
    from totals
    left join totals as season_averages
        on
            totals.evaluation_id = season_averages.evaluation_id
            and totals.market = season_averages.market
            and totals.scope = season_averages.scope
            and totals.stratum = season_averages.stratum
            and totals.n = season_averages.n
            and season_averages.system = 'season_average'

),

margins as (

    select
        compared.evaluation_id,
        compared.market,
        compared.system,
        compared.scope,
        compared.stratum,
        {% for name in sums -%}
            {{ clustered_margin('days.' ~ name, 'days.n', 'compared.' ~ name, 'compared.n') }}
                as {{ name }},
        {% endfor -%}
        {{ clustered_margin(
            'days.absolute_error', 'averages.absolute_error',
            'compared.absolute_error', 'compared.season_average_error'
        ) }} as skill
    from compared
    inner join days
        on
            compared.evaluation_id = days.evaluation_id
            and compared.market = days.market
            and compared.system = days.system
            and compared.scope = days.scope
            and compared.stratum = days.stratum
    left join days as averages
        on
            days.evaluation_id = averages.evaluation_id
            and days.market = averages.market
            and days.scope = averages.scope
            and days.stratum = averages.stratum
            and days.game_date = averages.game_date
            and averages.system = 'season_average'
    group by
        compared.evaluation_id,
        compared.market,
        compared.system,
        compared.scope,
        compared.stratum

),

final as (

    select
        {{ row_id([
            'compared.evaluation_id', 'compared.market', 'compared.system', 'compared.scope',
            'compared.stratum',
        ]) }} as evaluation_score_id,
        compared.evaluation_id,
        evaluations.season,
        evaluations.information_set,
        evaluations.is_ceiling,
        evaluations.is_whole_season,
        evaluations.is_latest,
        compared.market,
        compared.system,
        compared.scope,
        compared.stratum,
        compared.n,
        compared.game_dates,
        {% for figure, name in figures.items() -%}
            {{ safe_divide('compared.' ~ name, '1000000 * compared.n') }} as {{ figure }},
            {{ safe_divide('margins.' ~ name, '1000000') }} as {{ figure }}_margin,
        {% endfor -%}
        sqrt({{ safe_divide('compared.squared_error', '1000000 * compared.n') }}) as rmse,
        -- The root's slope turns the margin of the mean square into its own.
        {{ safe_divide(
            'margins.squared_error',
            '2000000 * sqrt(' ~ safe_divide('compared.squared_error', '1000000 * compared.n') ~ ')'
        ) }} as rmse_margin,
        {{ safe_divide('compared.mean_error', '1000000 * compared.n') }} as bias,
        {{ safe_divide('margins.mean_error', '1000000') }} as bias_margin,
        1 - {{ safe_divide('compared.absolute_error', 'compared.season_average_error') }} as skill,
        margins.skill as skill_margin,
        evaluations.finished_at
    from compared
    inner join margins
        on
            compared.evaluation_id = margins.evaluation_id
            and compared.market = margins.market
            and compared.system = margins.system
            and compared.scope = margins.scope
            and compared.stratum = margins.stratum
    inner join evaluations
        on
            compared.evaluation_id = evaluations.evaluation_id
            and compared.market = evaluations.market

)

select * from final
