{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

-- depends_on: {{ ref('gate_context') }}
-- Where each slate player takes his shots: the last 10 and 20 games of which zones are known.
with players as (

    select * from {{ ref('int_slate_player_games__distinct') }}

),

last_games as (

    select * from {{ ref('int_player_form__as_of') }}

),

form as (

    -- Only what is asked for: the table is wide, and most of it is long past.
    select * from {{ ref('int_player_form__windows') }}
    where
        {{ every_game_date() }}
        and player_game_id in (select last_games.last_player_game_id from last_games)

),

measured as (

    select
        players.player_game_id,
        players.player_id,
        players.game_id,
        players.game_date,
        players.cut_off_at,
        {% for n in [10, 20] -%}
            form.zone_games_{{ n }} as games_{{ n }},
            {% for zone in ['paint', 'mid_range', 'three'] -%}
                {{ safe_divide(
                    'form.' ~ zone ~ '_fga_' ~ n,
                    'form.paint_fga_' ~ n ~ ' + form.mid_range_fga_' ~ n ~ ' + form.three_fga_' ~ n
                ) }} as {{ zone }}_share_last_{{ n }},
                {{ safe_divide('form.' ~ zone ~ '_fgm_' ~ n, 'form.' ~ zone ~ '_fga_' ~ n) }}
                    as {{ zone }}_pct_last_{{ n }},
            {% endfor -%}
        {% endfor -%}
        form.source_load_id
    from players
    left join last_games
        on players.player_game_id = last_games.player_game_id
    left join form
        on last_games.last_player_game_id = form.player_game_id

),

final as (

    select
        *,
        case
            when games_10 < 10 or paint_share_last_10 is null then null
            when paint_share_last_10 >= 0.40 then 'paint'
            when three_share_last_10 >= 0.40 then 'perimeter'
            when mid_range_share_last_10 >= 0.35 then 'mid_range'
            else 'balanced'
        end as primary_zone
    from measured

)

select * from final
