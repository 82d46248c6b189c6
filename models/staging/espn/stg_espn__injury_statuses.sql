with injuries as (

    select * from {{ source('espn', 'injuries') }}

),

final as (

    select
        {{ row_id(['row_version', 'valid_from']) }} as status_id,
        'espn' as source,
        player_id as source_player_id,
        player_name,
        status as status_text,
        short_comment as detail,
        valid_from as known_at,
        valid_to as gone_by_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from injuries

)

select * from final
