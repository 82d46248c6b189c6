-- Log-loss of the published P(over), of the system alone and of the market on the same lines, with intervals by day.
{% set losses = ['log_loss', 'model_log_loss', 'market_log_loss'] %}
{% set million = 'cast(round(1000000 * {}) as ' ~ dbt.type_bigint() ~ ')' %}

with published as (

    select * from {{ ref('int_evaluations__published') }}
    where is_over is not null

),

evaluations as (

    select * from {{ ref('int_evaluations__markets') }}

),

lined as (

    select
        'all lines' as lines,
        *
    from published
    union all
    -- News that is younger than the line is no merit of the forecast.
    select
        'newer lines' as lines,
        *
    from published
    where is_line_newer

),

days as (

    select
        evaluation_id,
        market,
        system,
        lines,
        game_date,
        count(*) as n,
        count(case when is_over then 1 end) as n_over,
        {{ integer_sum(million.format('weight_percent')) }} as weight,
        {% for loss in losses -%}
            {{ integer_sum(million.format(loss)) }} as {{ loss }},
        {% endfor -%}
        {{ integer_sum(million.format('log_loss') ~ ' - ' ~ million.format('market_log_loss')) }}
            as excess,
        {{ integer_sum(
            million.format('model_log_loss') ~ ' - ' ~ million.format('market_log_loss')
        ) }} as model_excess
    from lined
    group by evaluation_id, market, system, lines, game_date

),

totals as (

    select
        evaluation_id,
        market,
        system,
        lines,
        count(*) as game_dates,
        {% for name in ['n_over', 'weight'] + losses + ['excess', 'model_excess'] -%}
            {{ integer_sum(name) }} as {{ name }},
        {% endfor -%}
        {{ integer_sum('n') }} as n
    from days
    group by evaluation_id, market, system, lines

),

margins as (

    select
        totals.evaluation_id,
        totals.market,
        totals.system,
        totals.lines,
        {{ clustered_margin('days.excess', 'days.n', 'totals.excess', 'totals.n') }} as excess,
        {{ clustered_margin('days.model_excess', 'days.n', 'totals.model_excess', 'totals.n') }}
            as model_excess
    from totals
    inner join days
        on
            totals.evaluation_id = days.evaluation_id
            and totals.market = days.market
            and totals.system = days.system
            and totals.lines = days.lines
    group by totals.evaluation_id, totals.market, totals.system, totals.lines

),

final as (

    select
        {{ row_id(['totals.evaluation_id', 'totals.market', 'totals.system', 'totals.lines']) }}
            as evaluation_line_score_id,
        totals.evaluation_id,
        evaluations.season,
        evaluations.information_set,
        evaluations.is_ceiling,
        evaluations.is_whole_season,
        evaluations.is_latest,
        totals.market,
        totals.system,
        totals.lines,
        totals.n,
        totals.game_dates,
        {{ safe_divide('totals.n_over', 'totals.n') }} as over_share,
        {{ safe_divide('totals.weight', '100000000 * totals.n') }} as mean_weight,
        {% for loss in losses -%}
            {{ safe_divide('totals.' ~ loss, '1000000 * totals.n') }} as {{ loss }},
        {% endfor -%}
        {{ safe_divide('totals.excess', '1000000 * totals.n') }} as log_loss_excess,
        {{ safe_divide('margins.excess', '1000000') }} as log_loss_excess_margin,
        {{ safe_divide('totals.model_excess', '1000000 * totals.n') }} as model_log_loss_excess,
        {{ safe_divide('margins.model_excess', '1000000') }} as model_log_loss_excess_margin
    from totals
    inner join margins
        on
            totals.evaluation_id = margins.evaluation_id
            and totals.market = margins.market
            and totals.system = margins.system
            and totals.lines = margins.lines
    inner join evaluations
        on
            totals.evaluation_id = evaluations.evaluation_id
            and totals.market = evaluations.market

)

select * from final
