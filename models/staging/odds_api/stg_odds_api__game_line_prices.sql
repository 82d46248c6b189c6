with prices as (

    select * from {{ source('odds_api', 'game_lines') }}

),

final as (

    select
        row_key as price_id,
        'odds_api' as source,
        event_id,
        commence_time as commence_at,
        {{ eastern_date('commence_time') }} as observed_date,
        home_team as home_team_name,
        away_team as away_team_name,
        bookmaker,
        market,
        outcome,
        point as line,
        coalesce(captured_at, last_update) as known_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from prices
    where market in ('spreads', 'totals')

)

select * from final
