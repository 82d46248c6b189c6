-- The figures that bars speak of, a row each.
{% set figures = ['mae_median', 'mae_mean', 'rmse', 'pin19', 'crps', 'c80', 'skill'] %}

with scores as (

    select * from {{ ref('evaluation_scores') }}

),

line_scores as (

    select * from {{ ref('evaluation_line_scores') }}

),

figures as (

    {% for figure in figures -%}
        select
            evaluation_id,
            season,
            information_set,
            is_ceiling,
            is_whole_season,
            is_latest,
            market,
            system,
            scope,
            stratum,
            n,
            '{{ figure }}' as figure,
            {{ figure }} as value,
            {{ figure }}_margin as margin
        from scores
        union all
    {% endfor -%}
    select
        evaluation_id,
        season,
        information_set,
        is_ceiling,
        is_whole_season,
        is_latest,
        market,
        system,
        'own' as scope,
        lines as stratum,
        n,
        'log_loss_excess' as figure,
        log_loss_excess as value,
        log_loss_excess_margin as margin
    from line_scores

),

final as (

    select
        {{ row_id(['evaluation_id', 'market', 'system', 'scope', 'stratum', 'figure']) }}
            as figure_id,
        *
    from figures
    where value is not null

)

select * from final
