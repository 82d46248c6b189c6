-- Each evaluation and market of which blocks stand, and whether it is the latest of its kind.
with evaluations as (

    select * from {{ ref('stg_evaluations__evaluations') }}

),

blocks as (

    select * from {{ ref('stg_evaluations__blocks') }}

),

markets as (

    select
        evaluation_id,
        market,
        {{ integer_sum('rows_scored') }} as rows_scored,
        count(*) as blocks,
        sum(seconds) as seconds
    from blocks
    group by evaluation_id, market

),

final as (

    select
        {{ row_id(['evaluations.evaluation_id', 'markets.market']) }} as evaluation_market_id,
        evaluations.evaluation_id,
        markets.market,
        evaluations.season,
        evaluations.information_set,
        evaluations.is_ceiling,
        evaluations.is_whole_season,
        evaluations.start_date,
        evaluations.end_date,
        markets.rows_scored,
        markets.blocks,
        markets.seconds,
        evaluations.finished_at is not null and row_number() over (
            partition by
                evaluations.season,
                evaluations.information_set,
                evaluations.is_ceiling,
                evaluations.is_whole_season,
                markets.market
            order by evaluations.finished_at desc nulls last, evaluations.evaluation_id asc
        ) = 1 as is_latest,
        evaluations.finished_at
    from evaluations
    inner join markets
        on evaluations.evaluation_id = markets.evaluation_id

)

select * from final
