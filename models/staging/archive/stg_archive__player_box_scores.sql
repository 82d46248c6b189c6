with player_box as (

    select * from {{ source('archive', 'player_box') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('player_id') }} as source_player_id,
        'nba' as source,
        player_name,
        start_position,
        is_starter,
        comment as dnp_reason,
        minutes as minutes_text,
        cast(seconds_played as {{ dbt.type_bigint() }}) as seconds_played,
        true as has_exact_seconds,
        {% for count in box_counts() -%}
            cast({{ count.archive }} as {{ dbt.type_bigint() }}) as {{ count.name }},
        {% endfor -%}
        cast(plus_minus as {{ dbt.type_bigint() }}) as plus_minus,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from player_box

)

select * from final
