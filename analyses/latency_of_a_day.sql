-- Where the time of the latest day's run went: its steps and its layers, the slowest first.
with latency as (

    select * from {{ ref('layer_latency') }}
    where command = 'daily'

),

latest as (

    select max(run_started_at) as run_started_at from latency

)

select
    latency.run_id,
    latency.kind,
    latency.part,
    latency.n,
    round(latency.seconds, 1) as seconds
from latency
inner join latest
    on latency.run_started_at = latest.run_started_at
order by latency.kind desc, latency.seconds desc, latency.part asc
