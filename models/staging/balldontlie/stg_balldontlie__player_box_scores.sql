with player_stats as (

    select * from {{ source('balldontlie', 'player_stats') }}

),

final as (

    select
        {{ to_text('game_id') }} as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('player_id') }} as source_player_id,
        'balldontlie' as source,
        first_name || ' ' || last_name as player_name,
        cast(null as {{ dbt.type_string() }}) as start_position,
        cast(null as {{ dbt.type_boolean() }}) as is_starter,
        cast(null as {{ dbt.type_string() }}) as dnp_reason,
        min as minutes_text,
        {{ seconds_played('min') }} as seconds_played,
        -- Whole minutes: half a minute is lost either way.
        coalesce({{ is_match('trim(min)', '[0-9]+:[0-9]{2}') }}, false) as has_exact_seconds,
        {% for count in box_counts() -%}
            {{ count.balldontlie }} as {{ count.name }},
        {% endfor -%}
        plus_minus,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from player_stats

)

select * from final
