{{ config(materialized='view') }}

-- Each game date of each backfill: how far it has got, and what the warehouse holds of it at this moment.
with dates as (

    select * from {{ ref('stg_runs__backfill_dates') }}

),

grid as (

    select * from {{ ref('date_grid') }}

),

builds as (

    select * from {{ ref('feature_builds') }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

joined as (

    select
        dates.*,
        coalesce(grid.is_gap, false) as is_gap,
        coalesce(grid.days_without_games, 0) as days_without_games,
        coalesce(grid.unbuilt_games, 0) as unbuilt_games,
        coalesce(grid.scheduled_games, 0) as scheduled_games,
        coalesce(grid.final_games, 0) as final_games,
        coalesce(grid.franchise_games, 0) as franchise_games,
        coalesce(grid.team_rows, 0) as team_rows,
        coalesce(grid.sides_with_players, 0) as sides_with_players,
        coalesce(grid.has_features, false) as has_features,
        grid.blocking_metric,
        coalesce(dates.mode = 'rebuild' and builds.built_as_of < runs.as_of, false) as is_older
    from dates
    left join grid
        on dates.game_date = grid.game_date
    left join builds
        on dates.game_date = builds.game_date
    left join runs
        on dates.run_id = runs.run_id

),

final as (

    select
        *,
        {{ backfill_verdict('status') }} as found,
        {{ backfill_verdict('reason') }} as found_reason
    from joined

)

select * from final
