-- The games that count toward a player's form: played, and neither an All-Star game nor a Cup final.
with player_games as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and has_played and is_countable

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
        cast(substr(season, 1, 4) as {{ dbt.type_bigint() }}) as season_start_year,
        is_starter,
        seconds_played,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        {{ used_possessions_x100('fga', 'fta', 'tov') }} as used_possessions_x100,
        team_used_possessions_x100,
        team_seconds,
        paint_fga,
        paint_fgm,
        mid_range_fga,
        mid_range_fgm,
        three_fga,
        three_fgm,
        row_number() over (
            partition by player_id
            order by tipoff_at asc, game_id asc
        ) as career_game_number,
        result_known_at,
        source,
        quality_score,
        source_load_id,
        loaded_at
    from player_games

)

select * from final
