with lineups as (

    select * from {{ source('archive', 'projected_lineups') }}

),

final as (

    select
        row_key as lineup_id,
        'archive' as source,
        feed,
        team_raw as team_text,
        lineup as lineup_text,
        first_seen_at as known_at,
        last_seen_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from lineups

)

select * from final
