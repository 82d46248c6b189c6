with prices as (

    select * from {{ source('bettingpros', 'prop_prices') }}

),

final as (

    select
        row_key as price_id,
        'bettingpros' as source,
        -- The files know no events: a game is its day and its teams.
        'bettingpros ' || {{ to_text('game_date') }} || ' ' || away_team || ' @ ' || home_team
            as event_id,
        tipoff_at as commence_at,
        game_date as observed_date,
        home_team as home_team_name,
        away_team as away_team_name,
        bookmaker,
        market as source_market,
        player_name,
        side,
        cast(line as {{ type_double() }}) as line,
        cast(price_american as {{ dbt.type_bigint() }}) as price_american,
        line_at as updated_at,
        cast(null as {{ type_instant() }}) as captured_at,
        line_at as known_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from prices

)

select * from final
