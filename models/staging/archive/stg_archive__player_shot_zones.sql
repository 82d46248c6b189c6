with zones as (

    select * from {{ source('archive', 'player_shot_zones') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('player_id') }} as source_player_id,
        'nba' as source,
        cast(restricted_fga + paint_non_ra_fga as {{ dbt.type_bigint() }}) as paint_fga,
        cast(restricted_fgm + paint_non_ra_fgm as {{ dbt.type_bigint() }}) as paint_fgm,
        cast(mid_range_fga as {{ dbt.type_bigint() }}) as mid_range_fga,
        cast(mid_range_fgm as {{ dbt.type_bigint() }}) as mid_range_fgm,
        cast(corner3_fga + above_break3_fga + backcourt_fga as {{ dbt.type_bigint() }})
            as three_fga,
        cast(corner3_fgm + above_break3_fgm + backcourt_fgm as {{ dbt.type_bigint() }})
            as three_fgm,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from zones

)

select * from final
