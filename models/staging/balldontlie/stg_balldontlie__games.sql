with games as (

    select * from {{ source('balldontlie', 'games') }}

),

final as (

    select
        {{ to_text('id') }} as source_game_id,
        'balldontlie' as source,
        {{ season_name('season') }} as season,
        -- The feed has no All-Star games; the Cup final is the only stage it names that counts nowhere.
        case
            when lower(ist_stage) in ('championship', 'final') then 'NBA Cup Final'
            when postseason then 'Playoffs'
            else 'Regular Season'
        end as season_type,
        game_date,
        tipoff_at,
        {{ to_text('home_team_id') }} as source_home_team_id,
        {{ to_text('visitor_team_id') }} as source_away_team_id,
        case when status = 'Final' then home_team_score end as home_score,
        case when status = 'Final' then visitor_team_score end as away_score,
        case when status = 'Final' and period >= 4 then period - 4 end as overtime_periods,
        case
            when status = 'Final' then 'final'
            when postponed or lower(status) = 'postponed' then 'postponed'
            when period > 0 then 'in_progress'
            else 'scheduled'
        end as status,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from games

)

select * from final
