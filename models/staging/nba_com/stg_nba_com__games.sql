{% set overtimes = "replace(trim(game_status_text), 'Final/OT', '')" %}

with schedule as (

    select * from {{ source('nba_com', 'schedule') }}

),

final as (

    select
        game_id as source_game_id,
        'nba_com' as source,
        season,
        case left(game_id, 3)
            when '002' then 'Regular Season'
            when '003' then 'All-Star'
            when '004' then 'Playoffs'
            when '005' then 'Play-In'
            when '006' then 'NBA Cup Final'
        end as season_type,
        game_date,
        -- Midnight stands for a time that is not fixed yet.
        case when upper(coalesce(game_status_text, '')) != 'TBD' then tipoff_at end as tipoff_at,
        {{ to_text('home_team_id') }} as source_home_team_id,
        {{ to_text('away_team_id') }} as source_away_team_id,
        case when game_status = 3 then home_score end as home_score,
        case when game_status = 3 then away_score end as away_score,
        case
            when game_status = 3 and trim(game_status_text) = 'Final' then 0
            when game_status = 3 and trim(game_status_text) = 'Final/OT' then 1
            when game_status = 3 and {{ is_match('trim(game_status_text)', 'Final/OT[0-9]+') }}
                then {{ try_cast(overtimes, dbt.type_bigint()) }}
        end as overtime_periods,
        case
            when game_status = 3 then 'final'
            when postponed_status = 'P' or upper(game_status_text) = 'PPD' then 'postponed'
            when game_status = 2 then 'in_progress'
            else 'scheduled'
        end as status,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from schedule
    -- Preseason counts nowhere, and its guests are no teams of the league.
    where left(game_id, 3) != '001'

)

select * from final
