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
            {{ count.name }},
        {% endfor -%}
        overtime_periods,
        team_seconds,
        players_listed,
        {{ safe_divide('possessions_x200', '200') }} as possessions,
        {{ safe_divide('possessions_x100', '100') }} as possessions_simple,
        {{ safe_divide('20000 * pts', 'possessions_x200') }} as offensive_rating,
        {{ safe_divide('72 * possessions_x200', 'team_seconds') }} as pace,
        {{ efg_pct('fgm', 'fg3m', 'fga') }} as efg_pct,
        {{ ts_pct('pts', 'fga', 'fta') }} as ts_pct,
        pts - opponent_pts as margin,
        pts > opponent_pts as is_win,
        is_countable,
        is_partial,
        is_rebuilt_from_players,
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
