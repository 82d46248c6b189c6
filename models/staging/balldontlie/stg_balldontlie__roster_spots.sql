with active_players as (

    select * from {{ source('balldontlie', 'active_players') }}

),

final as (

    select
        {{ to_text('id') }} as source_player_id,
        {{ to_text('team_id') }} as source_team_id,
        'balldontlie' as source,
        first_name || ' ' || last_name as player_name,
        position,
        valid_from as known_at,
        valid_to as gone_by_at,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from active_players

)

select * from final
