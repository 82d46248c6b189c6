with box_scores as (

    select * from {{ source('nba_com', 'box_scores') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        {{ to_text('person_id') }} as source_player_id,
        'nba_com' as source,
        name as player_name,
        -- SF and PF are F, SG and PG are G.
        nullif(right(trim(position), 1), '') as start_position,
        starter as is_starter,
        not_playing_reason || coalesce(' - ' || not_playing_description, '') as dnp_reason,
        minutes as minutes_text,
        {{ seconds_played('minutes') }} as seconds_played,
        true as has_exact_seconds,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        plus_minus,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from box_scores

)

select * from final
