{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_team_games__summed')) }}",
    **by_game_date(['team_id']),
) }}

-- depends_on: {{ ref('gate_core') }}
with team_games as (

    select * from {{ ref('int_team_games__summed') }}

),

final as (

    select
        team_game_id,
        game_id,
        team_id,
        opponent_team_id,
        game_date,
        tipoff_at,
        season,
        season_type,
        is_home,
        {% for count in box_counts() -%}
            opponent_{{ count.name }},
        {% endfor -%}
        team_seconds,
        stl,
        blk,
        opponent_tov as forced_turnovers,
        {{ safe_divide('possessions_x200', '200') }} as opponent_possessions,
        {{ safe_divide('20000 * opponent_pts', 'possessions_x200') }} as defensive_rating,
        {{ safe_divide('72 * possessions_x200', 'team_seconds') }} as opponent_pace,
        {{ efg_pct('opponent_fgm', 'opponent_fg3m', 'opponent_fga') }} as opponent_efg_pct,
        {{ ts_pct('opponent_pts', 'opponent_fga', 'opponent_fta') }} as opponent_ts_pct,
        is_countable,
        is_partial,
        result_known_at,
        source,
        quality_score,
        {{ quality_tier('quality_score') }} as quality_tier,
        quality_issues,
        source_load_id,
        loaded_at
    from team_games
    where {{ rebuild_changed(ref('int_team_games__summed'), 'team_game_id', also=['source']) }}

)

select * from final
