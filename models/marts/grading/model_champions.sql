{{ config(materialized='view') }}

-- The model that forecasts each market: the one that was decided on last, else the one that was trained last.
with models as (

    select * from {{ ref('stg_forecasts__model_versions') }}
    where system = 'catboost'

),

promotions as (

    select * from {{ ref('stg_forecasts__model_promotions') }}

),

decided as (

    select
        market,
        information_set,
        model_version,
        action,
        promoted_at,
        row_number() over (
            partition by market, information_set
            order by promoted_at desc, promotion_id desc
        ) as recency
    from promotions

),

trained as (

    select
        market,
        information_set,
        model_version,
        trained_at,
        row_number() over (
            partition by market, information_set
            order by trained_as_of desc, trained_at desc, model_version asc
        ) as recency
    from models

),

final as (

    select
        {{ row_id(['trained.market', 'trained.information_set']) }} as champion_id,
        trained.market,
        trained.information_set,
        coalesce(decided.model_version, trained.model_version) as model_version,
        case decided.action
            when 'promote' then 'promoted'
            when 'rollback' then 'rolled back'
            when 'pin' then 'pinned'
            else 'newest'
        end as basis,
        coalesce(decided.promoted_at, trained.trained_at) as champion_since
    from trained
    left join decided
        on
            trained.market = decided.market
            and trained.information_set = decided.information_set
            and decided.recency = 1
    where trained.recency = 1

)

select * from final
