with statuses as (

    select * from {{ source('archive', 'injuries') }}

),

final as (

    select
        row_key as status_id,
        'archive' as source,
        cast(null as {{ dbt.type_string() }}) as source_player_id,
        player_name,
        status as status_text,
        detail,
        first_seen_at as known_at,
        gone_by_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at,
        team_raw as team_text
    from statuses

)

select * from final
