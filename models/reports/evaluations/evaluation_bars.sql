-- What every bar asks beside what was measured, and its verdict. Below the alarm no forecast is honest: look for a leak.
with bars as (

    select * from {{ ref('evaluation_bars_seed') }}

),

figures as (

    select * from {{ ref('int_evaluations__figures') }}

),

measured as (

    select
        bars.*,
        figures.evaluation_id,
        figures.season as measured_season,
        figures.information_set,
        figures.is_ceiling,
        figures.is_latest,
        figures.n,
        figures.value,
        figures.margin,
        coalesce(bars.season, figures.season) = figures.season
        and (figures.is_whole_season or not bars.needs_whole_season) as is_comparable
    from bars
    left join figures
        on
            bars.market = figures.market
            and bars.system = figures.system
            and bars.scope = figures.scope
            and bars.stratum = figures.stratum
            and bars.figure = figures.figure

),

final as (

    select
        {{ row_id(['bar', 'evaluation_id']) }} as evaluation_bar_id,
        bar,
        evaluation_id,
        measured_season as season,
        information_set,
        is_ceiling,
        is_latest,
        market,
        system,
        scope,
        stratum,
        figure,
        description,
        must_from,
        must_to,
        excellent_from,
        excellent_to,
        alarm_below,
        n,
        value,
        margin,
        case
            when value is null then 'not measured'
            when n < {{ var('evaluation_min_rows') }} then 'too few'
            when value < alarm_below then 'alarm'
            when not is_comparable then 'other rows'
            when
                value between coalesce(excellent_from, value) and coalesce(excellent_to, value)
                then 'excellent'
            when value between coalesce(must_from, value) and coalesce(must_to, value) then 'must'
            else 'missed'
        end as verdict
    from measured

)

select * from final
