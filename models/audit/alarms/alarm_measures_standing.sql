{{ config(materialized='view') }}

-- What holds on a day whoever runs: usage rates that miss, a model that grows old, and the day in one line.
with runs as (

    select
        *,
        coalesce(finished_at, started_at) as told_at,
        {{ eastern_date('coalesce(finished_at, started_at)') }} as day
    from {{ ref('stg_runs__runs') }}

),

players as (

    select
        game_date,
        usage_rate
    from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and has_played and season_type != 'All-Star'

),

forecasts as (

    select * from {{ ref('stg_forecasts__forecasts') }}

),

model_versions as (

    select * from {{ ref('stg_forecasts__model_versions') }}

),

gate_results as (

    select
        run_id,
        count(case when status in ('error', 'empty') then 1 end) as blocking,
        count(case when status = 'warn' then 1 end) as warning,
        count(case when status = 'waived' then 1 end) as waived
    from {{ ref('stg_runs__gate_results') }}
    group by run_id

),

forecasts_made as (

    select
        run_id,
        {{ count_forecasts() }} as forecasts
    from forecasts
    group by run_id

),

last_results as (

    select max(game_date) as game_date from players

),

now as (

    select
        max(day) as day,
        max(told_at) as told_at
    from runs

),

final as (

    select
        'usage_rates_missing_share' as measure,
        'last results' as cause,
        now.day,
        now.told_at as since,
        {{ safe_divide('count(*) - count(players.usage_rate)', 'count(*)') }} as value,
        {{ to_text('count(*) - count(players.usage_rate)') }} || ' of '
        || {{ to_text('count(*)') }} || ' players of ' || {{ to_text('min(players.game_date)') }}
        || ' have no usage rate' as message
    from players
    inner join last_results
        on players.game_date = last_results.game_date
    cross join now
    where now.day is not null
    group by now.day, now.told_at
    union all
    select
        'model_age_days' as measure,
        'models' as cause,
        runs.day,
        min(runs.told_at) as since,
        cast(max({{ days_between(
            eastern_date('model_versions.trained_as_of'), eastern_date('forecasts.as_of')
        ) }}) as {{ type_double() }}) as value,
        'the oldest model in use was trained as of '
        || {{ to_text('min(' ~ eastern_date('model_versions.trained_as_of') ~ ')') }} as message
    from forecasts
    inner join runs
        on forecasts.run_id = runs.run_id
    inner join model_versions
        on forecasts.model_version = model_versions.model_version
    where runs.run_mode = 'live'
    group by runs.day
    union all
    select
        'completed_daily_runs' as measure,
        'summary' as cause,
        runs.day,
        min(runs.told_at) as since,
        cast(count(*) as {{ type_double() }}) as value,
        {{ to_text('count(*)') }} || ' daily runs completed, '
        || {{ to_text('coalesce(sum(forecasts_made.forecasts), 0)') }} || ' forecasts; gates: '
        || {{ to_text('coalesce(sum(gate_results.blocking), 0)') }} || ' blocking, '
        || {{ to_text('coalesce(sum(gate_results.warning), 0)') }} || ' warning, '
        || {{ to_text('coalesce(sum(gate_results.waived), 0)') }} || ' waived' as message
    from runs
    left join forecasts_made
        on runs.run_id = forecasts_made.run_id
    left join gate_results
        on runs.run_id = gate_results.run_id
    where runs.run_mode = 'live' and runs.command = 'daily' and runs.status = 'completed'
    group by runs.day

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
