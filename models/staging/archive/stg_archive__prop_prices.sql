with prices as (

    select * from {{ source('archive', 'player_props') }}

),

final as (

    select
        row_key as price_id,
        'archive' as source,
        event_id,
        commence_time as commence_at,
        coalesce({{ eastern_date('commence_time') }}, snapshot_date) as observed_date,
        home_team as home_team_name,
        away_team as away_team_name,
        bookmaker,
        market as source_market,
        player_name,
        side,
        cast(point as {{ type_double() }}) as line,
        cast(price_american as {{ dbt.type_bigint() }}) as price_american,
        last_update as updated_at,
        captured_at,
        coalesce(captured_at, last_update) as known_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from prices

)

select * from final
