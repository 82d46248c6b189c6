-- A player's whole seasons, to be known as the season before.
with player_games as (

    select * from {{ ref('int_player_games__numbered') }}

),

final as (

    select
        {{ row_id(['player_id', 'season_start_year']) }} as player_season_id,
        player_id,
        season_start_year,
        count(*) as games,
        {{ integer_sum('seconds_played') }} as seconds_played,
        {% for stat in markets() -%}
            {{ integer_sum(stat.column) }} as {{ stat.column }},
        {% endfor -%}
        max(result_known_at) as known_at
    from player_games
    group by player_id, season_start_year

)

select * from final
