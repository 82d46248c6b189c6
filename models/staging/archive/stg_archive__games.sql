with schedule as (

    select * from {{ source('archive', 'schedule') }}

),

final as (

    select
        game_id as source_game_id,
        'nba' as source,
        season,
        season_type,
        game_date,
        cast(tipoff_utc as {{ type_instant() }}) as tipoff_at,
        {{ to_text('home_team_id') }} as source_home_team_id,
        {{ to_text('away_team_id') }} as source_away_team_id,
        cast(home_pts as {{ dbt.type_bigint() }}) as home_score,
        cast(away_pts as {{ dbt.type_bigint() }}) as away_score,
        cast(null as {{ dbt.type_bigint() }}) as overtime_periods,
        case when home_pts is not null and away_pts is not null then 'final' else 'scheduled' end
            as status,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from schedule

)

select * from final
