{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_player_games__numbered')) }}",
    **by_game_date(['player_game_id'], is_large=true),
) }}

-- Exponentially weighted form after each game played: integer weights, so that a rebuilt sum is the same to the bit.
{% set counts = ['seconds_played', 'pts', 'reb', 'ast', 'fg3m', 'fga', 'fta', 'fg3a'] %}

with player_games as (

    select * from {{ ref('int_player_games__numbered') }}

),

weights as (

    select * from {{ ref('decay_weights') }}

),

rebuilt as (

    select * from player_games
    where
        {{ rebuild_from_first_change(
            ref('int_player_games__numbered'), 'player_game_id', also=['source']
        ) }}

),

summed as (

    select
        rebuilt.player_game_id,
        {% for half_life in [6, 20] -%}
            sum(weights.weight_half_life_{{ half_life }}) as weight_{{ half_life }},
            {% for count in counts -%}
                sum(weights.weight_half_life_{{ half_life }} * earlier.{{ count }})
                    as {{ count }}_{{ half_life }},
            {% endfor -%}
        {% endfor -%}
        count(*) as games
    from rebuilt
    -- The range first: joining the weights before it multiplies every game by sixty.
    inner join player_games as earlier
        on
            rebuilt.player_id = earlier.player_id
            and earlier.career_game_number between rebuilt.career_game_number - 59
            and rebuilt.career_game_number
    inner join weights
        on rebuilt.career_game_number - earlier.career_game_number = weights.lag
    group by rebuilt.player_game_id

),

final as (

    select
        rebuilt.player_game_id,
        rebuilt.game_date,
        {% for half_life in [6, 20] -%}
            {{ safe_divide(
                'summed.seconds_played_' ~ half_life, '60 * summed.weight_' ~ half_life
            ) }}
                as minutes_ewma_{{ half_life }},
            {% for count in counts if count != 'seconds_played' -%}
                {{ safe_divide('summed.' ~ count ~ '_' ~ half_life, 'summed.weight_' ~ half_life) }}
                    as {{ count }}_ewma_{{ half_life }},
                {{ safe_divide(
                    '3600 * summed.' ~ count ~ '_' ~ half_life, 'summed.seconds_played_' ~ half_life
                ) }} as {{ count }}_per_hour_ewma_{{ half_life }},
            {% endfor -%}
        {% endfor -%}
        rebuilt.source,
        rebuilt.loaded_at
    from rebuilt
    inner join summed
        on rebuilt.player_game_id = summed.player_game_id

)

select * from final
