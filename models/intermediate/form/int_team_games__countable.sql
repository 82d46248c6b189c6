-- Team games that count toward form, with the shots the defence allowed by zone where zones are known.
with team_games as (

    select * from {{ ref('int_team_games__summed') }}
    where is_countable

),

players as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}

),

zones as (

    select
        game_id,
        team_id as attacking_team_id,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            {{ integer_sum(zone ~ '_fga') }} as {{ zone }}_fga,
            {{ integer_sum(zone ~ '_fgm') }} as {{ zone }}_fgm,
        {% endfor -%}
        max(loaded_at) as loaded_at
    from players
    group by game_id, team_id

),

final as (

    select
        team_games.team_game_id,
        team_games.game_id,
        team_games.team_id,
        team_games.opponent_team_id,
        team_games.game_date,
        team_games.tipoff_at,
        team_games.season,
        team_games.possessions_x200,
        team_games.team_seconds,
        team_games.pts,
        team_games.opponent_pts,
        team_games.opponent_reb,
        team_games.opponent_ast,
        team_games.opponent_fg3m,
        team_games.opponent_fga,
        team_games.opponent_fta,
        team_games.result_known_at,
        team_games.source,
        team_games.quality_score,
        team_games.source_load_id,
        {% for zone in ['paint', 'mid_range', 'three'] -%}
            zones.{{ zone }}_fga as allowed_{{ zone }}_fga,
            zones.{{ zone }}_fgm as allowed_{{ zone }}_fgm,
        {% endfor -%}
        {{ greatest_known(['team_games.loaded_at', 'zones.loaded_at']) }} as loaded_at
    from team_games
    left join zones
        on
            team_games.game_id = zones.game_id
            and team_games.opponent_team_id = zones.attacking_team_id

)

select * from final
