{{ config(materialized='view') }}

-- How long a run took, as a whole, by step, and by layer of the build.
with runs as (

    select * from {{ ref('runs') }}

),

nodes as (

    select * from {{ ref('stg_runs__nodes') }}

),

steps as (

    select * from {{ ref('stg_runs__steps') }}

),

parts as (

    select
        run_id,
        'run' as kind,
        'run' as part,
        1 as n,
        seconds
    from runs
    union all
    select
        run_id,
        'step' as kind,
        step as part,
        count(*) as n,
        sum(seconds) as seconds
    from steps
    group by run_id, step
    union all
    select
        run_id,
        'layer' as kind,
        layer as part,
        count(*) as n,
        sum(seconds) as seconds
    from nodes
    group by run_id, layer

),

final as (

    select
        {{ row_id(['parts.run_id', 'parts.kind', 'parts.part']) }} as latency_key,
        parts.run_id,
        runs.command,
        runs.run_mode,
        runs.started_at as run_started_at,
        parts.kind,
        parts.part,
        parts.n,
        parts.seconds
    from parts
    inner join runs
        on parts.run_id = runs.run_id

)

select * from final
