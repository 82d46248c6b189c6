{{ config(materialized='view') }}

-- What each day with games should have brought, and did or did not: runs, rows, fresh sources.
with runs as (

    select
        *,
        coalesce(finished_at, started_at) as told_at,
        {{ eastern_date('started_at') }} as day
    from {{ ref('stg_runs__runs') }}
    where run_mode = 'live'

),

loads as (

    select
        run_id,
        sum(received) as received
    from {{ ref('stg_runs__loads') }}
    group by run_id

),

source_states as (

    -- Files are loaded once; only what is asked every day can be late.
    select * from {{ ref('stg_runs__source_states') }}
    where source != 'archive' and latest_load_at is not null

),

game_days as (

    select
        game_date as day,
        count(*) as games
    from {{ ref('games') }}
    where is_franchise_game and status != 'postponed'
    group by game_date

),

first_run as (

    select min(day) as day from runs
    where command = 'daily'

),

loaded as (

    select
        runs.day,
        max(runs.told_at) as told_at,
        count(*) as n_runs,
        sum(coalesce(loads.received, 0)) as received
    from runs
    inner join loads
        on runs.run_id = loads.run_id
    group by runs.day

),

ages as (

    select
        source_states.source,
        runs.day,
        runs.told_at,
        source_states.age_seconds,
        row_number() over (
            partition by source_states.source, runs.day
            order by runs.started_at desc, runs.run_id desc
        ) as recency
    from source_states
    inner join runs
        on source_states.run_id = runs.run_id

),

final as (

    select
        'daily_runs_on_game_day' as measure,
        'daily' as cause,
        game_days.day,
        {{ eastern_instant('game_days.day', '0') }} as since,
        cast(count(runs.run_id) as {{ type_double() }}) as value,
        {{ to_text('min(game_days.games)') }} || ' games, and no daily run was started' as message
    from game_days
    inner join first_run
        on game_days.day > first_run.day
    left join runs
        on
            game_days.day = runs.day
            and runs.command = 'daily'
    group by game_days.day
    union all
    select
        'runs_without_a_row' as measure,
        'loads' as cause,
        loaded.day,
        loaded.told_at as since,
        cast(case when loaded.received = 0 then loaded.n_runs else 0 end as {{ type_double() }})
            as value,
        {{ to_text('loaded.n_runs') }} || ' runs loaded, and not one row came; '
        || {{ to_text('game_days.games') }} || ' games' as message
    from loaded
    inner join game_days
        on loaded.day = game_days.day
    union all
    select
        'source_age_hours' as measure,
        ages.source as cause,
        ages.day,
        ages.told_at as since,
        {{ safe_divide('ages.age_seconds', '3600') }} as value,
        'the newest load of ' || ages.source || ' was '
        || {{ to_text('cast(floor(ages.age_seconds / 3600) as ' ~ dbt.type_bigint() ~ ')') }}
        || ' hours old' as message
    from ages
    inner join game_days
        on ages.day = game_days.day
    where ages.recency = 1

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
