{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_player_games__joined')) }}",
    **by_game_date(['player_id', 'team_id'], is_large=true),
) }}

-- depends_on: {{ ref('gate_team_summaries') }}
with player_games as (

    select * from {{ ref('int_player_games__joined') }}

),

final as (

    select
        player_game_id,
        player_id,
        game_id,
        team_id,
        opponent_team_id,
        game_date,
        tipoff_at,
        season,
        season_type,
        is_home,
        start_position,
        is_starter,
        has_played,
        dnp_reason,
        seconds_played,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        plus_minus,
        {{ usage_rate(
            'fga', 'fta', 'tov', 'seconds_played',
            'team_fga', 'team_fta', 'team_tov', 'team_seconds'
        ) }} as usage_rate,
        {{ efg_pct('fgm', 'fg3m', 'fga') }} as efg_pct,
        {{ ts_pct('pts', 'fga', 'fta') }} as ts_pct,
        paint_fga,
        paint_fgm,
        mid_range_fga,
        mid_range_fgm,
        three_fga,
        three_fgm,
        team_seconds,
        {{ used_possessions_x100('team_fga', 'team_fta', 'team_tov') }}
            as team_used_possessions_x100,
        overtime_periods,
        has_exact_seconds,
        is_countable,
        is_partial,
        result_known_at,
        source,
        quality_score,
        {{ quality_tier('quality_score') }} as quality_tier,
        quality_issues,
        source_load_id,
        loaded_at
    from player_games
    where {{ rebuild_changed(ref('int_player_games__joined'), 'player_game_id', also=['source']) }}

)

select * from final
