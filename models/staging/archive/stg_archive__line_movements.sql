with movements as (

    select * from {{ source('archive', 'line_movements') }}

),

final as (

    select
        row_key as price_id,
        'archive' as source,
        player_name,
        opponent_abbr as opponent_abbreviation,
        is_home,
        market as source_market,
        side,
        bookmaker,
        point as line,
        price_american,
        first_seen_at as known_at,
        last_seen_at,
        n_snapshots,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from movements

)

select * from final
