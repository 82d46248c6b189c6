{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_team_games__countable')) }}",
    **by_game_date(['team_id']),
) }}

-- A team's form after each game, that game included: own attack, and what it allows.
with team_games as (

    select * from {{ ref('int_team_games__countable') }}

),

windowed as (

    select
        team_game_id,
        team_id,
        game_id,
        game_date,
        tipoff_at,
        season,
        result_known_at,
        source,
        source_load_id,
        loaded_at,
        {% for n in [10, 15] -%}
            count(*) over last_{{ n }} as games_{{ n }},
            {{ integer_sum('possessions_x200', 'last_' ~ n) }} as possessions_x200_{{ n }},
            {{ integer_sum('team_seconds', 'last_' ~ n) }} as seconds_{{ n }},
            {{ integer_sum('pts', 'last_' ~ n) }} as pts_{{ n }},
            {{ integer_sum('opponent_pts', 'last_' ~ n) }} as opponent_pts_{{ n }},
        {% endfor -%}
        {% for stat in markets() -%}
            {{ integer_sum('opponent_' ~ stat.column, 'last_15') }} as allowed_{{ stat.column }}_15,
        {% endfor -%}
        {{ integer_sum('opponent_fga', 'last_15') }} as allowed_fga_15,
        {{ integer_sum('opponent_fta', 'last_15') }} as allowed_fta_15,
        {{ integer_sum('case when abs(pts - opponent_pts) >= 15 then 1 else 0 end', 'last_10') }}
            as blowouts_10,
        min(quality_score) over last_10 as quality_10,
        count(*) over this_season as games_season,
        {{ integer_sum('case when pts > opponent_pts then 1 else 0 end', 'this_season') }}
            as wins_season,
        pts - opponent_pts as last_margin,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            {{ integer_sum('allowed_' ~ zone ~ '_fga', 'last_15') }} as allowed_{{ zone }}_fga_15,
            {{ integer_sum('allowed_' ~ zone ~ '_fgm', 'last_15') }} as allowed_{{ zone }}_fgm_15,
        {% endfor -%}
        count(allowed_paint_fga) over last_15 as zone_games_15
    from team_games
    window
        {% for n in [10, 15] -%}
            last_{{ n }} as (
                partition by team_id
                order by tipoff_at asc, game_id asc
                rows between {{ n - 1 }} preceding and current row
            ),
        {% endfor -%}
        this_season as (
            partition by team_id, season
            order by tipoff_at asc, game_id asc
            rows between unbounded preceding and current row
        )

),

final as (

    select * from windowed
    where
        {{ rebuild_from_first_change(
            ref('int_team_games__countable'), 'team_game_id', also=['source']
        ) }}

)

select * from final
