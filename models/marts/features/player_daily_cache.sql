{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

-- depends_on: {{ ref('gate_context') }}
-- A slate player's form as known before the cut: the windows of his last game played, divided out.
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

decay as (

    select * from {{ ref('int_player_decay__weighted') }}
    where
        {{ every_game_date() }}
        and player_game_id in (select last_games.last_player_game_id from last_games)

),

seasons as (

    select * from {{ ref('int_player_seasons__summed') }}

),

final as (

    select
        players.player_game_id,
        players.player_id,
        players.game_id,
        players.game_date,
        players.cut_off_at,
        form.game_date as last_played_date,
        form.career_game_number as career_games,
        -- An average of last season is not one of this season; that has columns of its own.
        case when form.season = players.season then form.games_season else 0 end
            as games_played_season,
        {% for stat in markets() -%}
            {% for n in [3, 5, 10, 20] -%}
                {{ safe_divide('form.' ~ stat.column ~ '_' ~ n, 'form.games_' ~ n) }}
                    as {{ stat.name }}_avg_last_{{ n }},
            {% endfor -%}
            case
                when form.season = players.season then
                    {{ safe_divide('form.' ~ stat.column ~ '_season', 'form.games_season') }}
            end as {{ stat.name }}_avg_season,
            {{ window_std(
                'form.' ~ stat.column ~ '_10',
                'form.' ~ stat.column ~ '_squares_10',
                'form.games_10'
            ) }}
                as {{ stat.name }}_std_last_10,
            case
                when form.games_10 >= 5 then
                {{ safe_divide(
                    'form.games_10 * form.' ~ stat.column ~ '_moments_10 - form.numbers_10 * form.'
                    ~ stat.column ~ '_10',
                    'form.games_10 * form.number_squares_10 - form.numbers_10 * form.numbers_10'
                ) }}
            end as {{ stat.name }}_slope_last_10,
            {{ safe_divide('60 * form.' ~ stat.column ~ '_10', 'form.seconds_10') }}
                as {{ stat.name }}_per_minute_last_10,
            decay.{{ stat.column }}_ewma_6 as {{ stat.name }}_ewma_6,
            decay.{{ stat.column }}_ewma_20 as {{ stat.name }}_ewma_20,
            decay.{{ stat.column }}_per_hour_ewma_20 as {{ stat.name }}_per_hour_ewma_20,
            {{ safe_divide('seasons.' ~ stat.column, 'seasons.games') }}
                as {{ stat.name }}_avg_previous_season,
        {% endfor -%}
        {% for n in [3, 5, 10, 20] -%}
            {{ safe_divide(
                'form.seconds_' ~ n, '60 * form.games_' ~ n
            ) }} as minutes_avg_last_{{ n }},
        {% endfor -%}
        case
            when form.season = players.season then
                {{ safe_divide('form.seconds_season', '60 * form.games_season') }}
        end as minutes_avg_season,
        {{ window_std('form.seconds_10', 'form.seconds_squares_10', 'form.games_10') }} / 60
            as minutes_std_last_10,
        decay.minutes_ewma_6,
        decay.minutes_ewma_20,
        {{ safe_divide('seasons.seconds_played', '60 * seasons.games') }}
            as minutes_avg_previous_season,
        seasons.games as games_previous_season,
        {% for n in [5, 10] -%}
            {{ safe_divide(
                '100 * cast(form.used_' ~ n ~ ' as ' ~ type_double() ~ ') * form.team_seconds_' ~ n,
                '5 * cast(form.seconds_' ~ n ~ ' as ' ~ type_double() ~ ') * form.team_used_' ~ n
            ) }} as usage_rate_last_{{ n }},
        {% endfor -%}
        {{ ts_pct('form.pts_10', 'form.fga_10', 'form.fta_10') }} as ts_pct_last_10,
        {{ safe_divide('form.ftm_10', 'form.pts_10') }} as free_throw_point_share_last_10,
        {% for count in ['fga', 'fta', 'fg3a', 'oreb', 'tov'] -%}
            {{ safe_divide('form.' ~ count ~ '_10', 'form.games_10') }} as {{ count }}_avg_last_10,
        {% endfor -%}
        {% for count in ['fga', 'fta', 'fg3a'] -%}
            decay.{{ count }}_ewma_6,
            decay.{{ count }}_ewma_20,
        {% endfor -%}
        cast(form.starts_10 as {{ dbt.type_bigint() }}) as starts_last_10,
        form.source_load_id
    from players
    left join last_games
        on players.player_game_id = last_games.player_game_id
    left join form
        on last_games.last_player_game_id = form.player_game_id
    left join decay
        on last_games.last_player_game_id = decay.player_game_id
    left join seasons
        on
            players.player_id = seasons.player_id
            and cast(substr(players.season, 1, 4) as {{ dbt.type_bigint() }}) - 1
            = seasons.season_start_year
            and {{ known_before('seasons.known_at', 'players.cut_off_at', 'players.tipoff_at') }}

)

select * from final
