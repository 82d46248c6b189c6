with gamelogs as (

    select * from {{ source('archive', 'player_gamelogs') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('player_id') }} as source_player_id,
        'nba_gamelog' as source,
        player_name,
        cast(null as {{ dbt.type_string() }}) as start_position,
        cast(null as {{ dbt.type_boolean() }}) as is_starter,
        cast(null as {{ dbt.type_string() }}) as dnp_reason,
        {{ to_text('minutes') }} as minutes_text,
        cast(60 * minutes as {{ dbt.type_bigint() }}) as seconds_played,
        false as has_exact_seconds,
        {% for count in box_counts() -%}
            cast({{ count.archive }} as {{ dbt.type_bigint() }}) as {{ count.name }},
        {% endfor -%}
        cast(plus_minus as {{ dbt.type_bigint() }}) as plus_minus,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at,
        is_home
    from gamelogs

)

select * from final
