{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_player_games__numbered')) }}",
    **by_game_date(['player_id', 'team_id'], is_large=true),
) }}

-- A player's form after each game played, that game included. Integers are summed; each figure is one division.
{% set stats = markets() %}

with player_games as (

    select * from {{ ref('int_player_games__numbered') }}

),

windowed as (

    select
        player_game_id,
        player_id,
        game_id,
        team_id,
        game_date,
        tipoff_at,
        season,
        season_start_year,
        career_game_number,
        result_known_at,
        source,
        source_load_id,
        loaded_at,
        {% for n in [3, 5, 10, 20] -%}
            count(*) over last_{{ n }} as games_{{ n }},
            {{ integer_sum('seconds_played', 'last_' ~ n) }} as seconds_{{ n }},
            {% for stat in stats -%}
                {{ integer_sum(stat.column, 'last_' ~ n) }} as {{ stat.column }}_{{ n }},
            {% endfor -%}
        {% endfor -%}
        {% for stat in stats -%}
            {{ integer_sum(stat.column ~ ' * ' ~ stat.column, 'last_10') }}
                as {{ stat.column }}_squares_10,
            {{ integer_sum(stat.column ~ ' * career_game_number', 'last_10') }}
                as {{ stat.column }}_moments_10,
            {{ integer_sum(stat.column, 'this_season') }} as {{ stat.column }}_season,
        {% endfor -%}
        {{ integer_sum('career_game_number', 'last_10') }} as numbers_10,
        {{ integer_sum('career_game_number * career_game_number', 'last_10') }}
            as number_squares_10,
        {{ integer_sum('seconds_played * seconds_played', 'last_10') }} as seconds_squares_10,
        min(quality_score) over last_10 as quality_10,
        count(*) over this_season as games_season,
        {{ integer_sum('seconds_played', 'this_season') }} as seconds_season,
        {% for n in [5, 10] -%}
            {{ integer_sum('used_possessions_x100', 'last_' ~ n) }} as used_{{ n }},
            {{ integer_sum('team_used_possessions_x100', 'last_' ~ n) }} as team_used_{{ n }},
            {{ integer_sum('team_seconds', 'last_' ~ n) }} as team_seconds_{{ n }},
        {% endfor -%}
        {% for count in ['fga', 'fta', 'ftm', 'fg3a', 'oreb', 'tov'] -%}
            {{ integer_sum(count, 'last_10') }} as {{ count }}_10,
        {% endfor -%}
        {% for count in ['fga', 'fta', 'fg3a'] -%}
            {{ integer_sum(count, 'this_season') }} as {{ count }}_season,
        {% endfor -%}
        {{ integer_sum('case when is_starter then 1 when not is_starter then 0 end', 'last_10') }}
            as starts_10,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            {{ integer_sum(zone ~ '_fga', 'last_10') }} as {{ zone }}_fga_10,
            {{ integer_sum(zone ~ '_fgm', 'last_10') }} as {{ zone }}_fgm_10,
            {{ integer_sum(zone ~ '_fga', 'last_20') }} as {{ zone }}_fga_20,
            {{ integer_sum(zone ~ '_fgm', 'last_20') }} as {{ zone }}_fgm_20,
        {% endfor -%}
        count(paint_fga) over last_10 as zone_games_10,
        count(paint_fga) over last_20 as zone_games_20
    from player_games
    window
        {% for n in [3, 5, 10, 20] -%}
            last_{{ n }} as (
                partition by player_id
                order by tipoff_at asc, game_id asc
                rows between {{ n - 1 }} preceding and current row
            ),
        {% endfor -%}
        this_season as (
            partition by player_id, season
            order by tipoff_at asc, game_id asc
            rows between unbounded preceding and current row
        )

),

final as (

    select * from windowed
    where
        {{ rebuild_from_first_change(
            ref('int_player_games__numbered'), 'player_game_id', also=['source']
        ) }}

)

select * from final
