{{ config(materialized='view') }}

-- Expected against done, for every game date of the whole history; the first thing that misses is named.
with days as (

    select * from {{ ref('schedule_days') }}

),

runs as (

    select * from {{ ref('daily_runs') }}

),

builds as (

    select * from {{ ref('feature_builds') }}

),

games as (

    select
        game_date,
        count(*) as scheduled_games,
        count(case when is_final then 1 end) as final_games,
        count(case when is_franchise_game then 1 end) as franchise_games,
        min(tipoff_at) as first_tipoff_at
    from {{ ref('games') }}
    where status != 'postponed'
    group by game_date

),

teams as (

    select
        game_date,
        count(*) as team_rows
    from {{ ref('team_offense_game_summary') }}
    group by game_date

),

players as (

    select
        game_date,
        count(distinct game_id || team_id) as sides_with_players
    from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}
    group by game_date

),

thresholds as (

    select * from {{ ref('gate_thresholds') }}

),

gates as (

    select
        game_date,
        min(case when status in ('error', 'empty') then metric end) as blocking_metric,
        min(case when status = 'waived' then metric end) as waived_metric
    from {{ ref('gate_results') }}
    where is_latest
    group by game_date

),

measured as (

    select
        days.game_date,
        days.is_due,
        days.unbuilt_games,
        days.days_without_games,
        days.break_reason is null
        and days.is_in_season
        and days.days_without_games > days.longest_break as is_gap,
        coalesce(games.scheduled_games, 0) as scheduled_games,
        coalesce(games.final_games, 0) as final_games,
        coalesce(games.franchise_games, 0) as franchise_games,
        games.first_tipoff_at,
        coalesce(teams.team_rows, 0) as team_rows,
        coalesce(players.sides_with_players, 0) as sides_with_players,
        builds.game_date is not null as has_features,
        coalesce(runs.runs, 0) as live_runs,
        coalesce(runs.runs_completed, 0) as live_runs_completed,
        runs.first_completed_at,
        coalesce(runs.forecasts, 0) as forecasts,
        runs.last_run_id,
        runs.last_status,
        runs.last_error_class,
        runs.empty_resource,
        coalesce(runs.is_degraded, false) as is_degraded,
        runs.degraded_reason,
        gates.blocking_metric,
        thresholds.remedy as blocking_remedy,
        gates.waived_metric
    from days
    left join games
        on days.game_date = games.game_date
    left join teams
        on days.game_date = teams.game_date
    left join players
        on days.game_date = players.game_date
    left join builds
        on days.game_date = builds.game_date
    left join runs
        on days.game_date = runs.game_date
    left join gates
        on days.game_date = gates.game_date
    left join thresholds
        on gates.blocking_metric = thresholds.metric

),

final as (

    select
        *,
        {{ date_verdict('status') }} as status,
        {{ date_verdict('reason') }} as reason,
        {{ date_verdict('remedy') }} as remedy
    from measured

)

select * from final
