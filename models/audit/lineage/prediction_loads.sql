{{ config(materialized='view') }}

-- Every raw load behind every prediction, by what it told: the way back from a number to the sources.
with loads as (

    select * from {{ ref('prediction_result_loads') }}
    union all
    select * from {{ ref('prediction_news_loads') }}
    union all
    select * from {{ ref('prediction_line_loads') }}

),

questions as (

    select * from {{ ref('prediction_questions') }}

),

completed as (

    select * from {{ ref('loads_completed') }}

),

requests as (

    select
        load_id,
        resource,
        {{ integer_sum('requests') }} as requests,
        max(http_statuses) as http_statuses
    from {{ ref('stg_runs__loads') }}
    where load_id is not null
    group by load_id, resource

),

named as (

    select
        loads.*,
        completed.source,
        completed.completed_at,
        -- Named as the archive names it, unless the feed has a word of its own.
        case
            when completed.source = 'balldontlie' and loads.resource = 'player_box'
                then 'player_stats'
            when completed.source = 'balldontlie' and loads.resource = 'schedule' then 'games'
            when completed.source = 'balldontlie' and loads.resource = 'injuries'
                then 'player_injuries'
            else loads.resource
        end as raw_table
    from loads
    left join completed
        on loads.load_id = completed.load_id

),

final as (

    select
        named.prediction_load_id,
        named.forecast_id,
        questions.game_date,
        named.role,
        named.source,
        named.raw_table as resource,
        named.load_id,
        named.facts,
        named.first_date,
        named.last_date,
        named.completed_at,
        requests.requests,
        requests.http_statuses,
        -- The fact came again since, changed: its row bears a load newer than the prediction's own.
        named.role not in ('forecast', 'model')
        and {{ load_instant('named.load_id') }} > {{ load_instant('questions.source_load_id') }}
            as is_reloaded
    from named
    inner join questions
        on named.forecast_id = questions.forecast_id
    left join requests
        on
            named.load_id = requests.load_id
            and named.raw_table = requests.resource

)

select * from final
