{{ config(materialized='view') }}

-- The raw tables that hold something else than when the features were last built. No row: nothing new has come.
with loads_now as (

    select * from {{ ref('loads_now') }}

),

loads_built as (

    select * from {{ ref('loads_built') }}

),

final as (

    select
        loads_now.source,
        loads_now.resource,
        loads_now.is_news,
        loads_now.latest_load_id
    from loads_now
    left join loads_built
        on
            loads_now.source = loads_built.source
            and loads_now.resource = loads_built.resource
    where
        loads_now.latest_load_id is distinct from loads_built.latest_load_id
        or loads_now.n_rows is distinct from loads_built.n_rows
        or loads_now.retired_rows is distinct from loads_built.retired_rows

)

select * from final
