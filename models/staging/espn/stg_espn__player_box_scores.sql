with box_scores as (

    select * from {{ source('espn', 'box_scores') }}

),

final as (

    select
        game_id as source_game_id,
        team_id as source_team_id,
        player_id as source_player_id,
        'espn' as source,
        player_name,
        -- PG and SG are guards, SF and PF forwards
        case when is_starter then substr(position, length(position), 1) end as start_position,
        is_starter,
        -- the feed gives a reason for some who played, too
        case when did_not_play then reason end as dnp_reason,
        minutes as minutes_text,
        {{ seconds_played('minutes') }} as seconds_played,
        coalesce({{ is_match('trim(minutes)', '[0-9]+:[0-9]{2}') }}, false) as has_exact_seconds,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        plus_minus,
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from box_scores

)

select * from final
