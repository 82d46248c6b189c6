with scoreboard as (

    select * from {{ source('espn', 'scoreboard') }}
    -- the pre-season counts nowhere
    where season_type != 1

),

final as (

    select
        id as source_game_id,
        'espn' as source,
        {{ season_name('season_year - 1') }} as season,
        case
            when competition_type = 'ALLSTAR' then 'All-Star'
            when season_type = 5 then 'Play-In'
            when season_type = 3 then 'Playoffs'
            -- the Cup's other games are games of the regular season
            when lower(headline) like '%nba cup%championship%' then 'NBA Cup Final'
            else 'Regular Season'
        end as season_type,
        game_date,
        case when coalesce(is_time_valid, true) then tipoff_at end as tipoff_at,
        home_team_id as source_home_team_id,
        away_team_id as source_away_team_id,
        case when status = 'STATUS_FINAL' and is_completed then home_score end as home_score,
        case when status = 'STATUS_FINAL' and is_completed then away_score end as away_score,
        case when status = 'STATUS_FINAL' and is_completed and period >= 4 then period - 4 end
            as overtime_periods,
        case
            when status = 'STATUS_FINAL' and is_completed then 'final'
            when status in ('STATUS_POSTPONED', 'STATUS_CANCELED', 'STATUS_CANCELLED')
                then 'postponed'
            when period > 0 then 'in_progress'
            else 'scheduled'
        end as status,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from scoreboard

)

select * from final
