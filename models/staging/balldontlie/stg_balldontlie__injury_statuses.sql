with player_injuries as (

    select * from {{ source('balldontlie', 'player_injuries') }}

),

final as (

    select
        {{ row_id(['row_version', 'valid_from']) }} as status_id,
        'balldontlie' as source,
        {{ to_text('player_id') }} as source_player_id,
        first_name || ' ' || last_name as player_name,
        status as status_text,
        description as detail,
        valid_from as known_at,
        valid_to as gone_by_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from player_injuries

)

select * from final
