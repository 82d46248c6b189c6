with events as (

    select * from {{ source('odds_api', 'events') }}

),

final as (

    select
        id as event_id,
        'odds_api' as source,
        commence_time as commence_at,
        {{ eastern_date('commence_time') }} as observed_date,
        home_team as home_team_name,
        away_team as away_team_name,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from events

)

select * from final
