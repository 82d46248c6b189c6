{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id', 'team_id'], is_large=true),
) }}

{% set is_to_build = game_dates_to_build() %}
-- depends_on: {{ ref('gate_context') }}
-- The features of a (player, game, information set), past and to come from the same SQL. The seed feature_contract says what each is.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ is_to_build }}

),

cache as (

    select * from {{ ref('player_daily_cache') }}
    where {{ is_to_build }}

),

shots as (

    select * from {{ ref('player_shot_zone_analysis') }}
    where {{ is_to_build }}

),

factors as (

    select * from {{ ref('player_composite_factors') }}
    where {{ is_to_build }}

),

final as (

    select
        players.player_question_id as feature_row_id,
        {% for column in [
            'question_id', 'player_id', 'game_id', 'team_id', 'opponent_team_id', 'game_date',
            'tipoff_at', 'season', 'season_type', 'is_countable', 'information_set', 'cut_off_at',
            'is_settled', 'roster_basis',
        ] -%}
            players.{{ column }},
        {% endfor -%}
        {% for market in markets() -%}
            {% for figure in [
                'avg_last_3', 'avg_last_5', 'avg_last_10', 'avg_last_20', 'avg_season',
                'std_last_10', 'slope_last_10', 'per_minute_last_10', 'ewma_6', 'ewma_20',
                'per_hour_ewma_20', 'avg_previous_season',
            ] -%}
                cache.{{ market.name }}_{{ figure }},
            {% endfor -%}
        {% endfor -%}
        {% for n in [3, 5, 10, 20] -%}
            cache.minutes_avg_last_{{ n }},
        {% endfor -%}
        {% for column in [
            'minutes_avg_season', 'minutes_std_last_10', 'minutes_ewma_6', 'minutes_ewma_20',
            'minutes_avg_previous_season', 'games_previous_season', 'games_played_season',
            'career_games', 'starts_last_10',
        ] -%}
            cache.{{ column }},
        {% endfor -%}
        players.dnp_rate_last_10,
        cache.usage_rate_last_5,
        cache.usage_rate_last_10,
        cache.ts_pct_last_10,
        cache.free_throw_point_share_last_10,
        {% for count in ['fga', 'fta', 'fg3a', 'oreb', 'tov'] -%}
            cache.{{ count }}_avg_last_10,
        {% endfor -%}
        {% for count in ['fga', 'fta', 'fg3a'] -%}
            cache.{{ count }}_ewma_6,
            cache.{{ count }}_ewma_20,
        {% endfor -%}
        players.days_rest,
        players.team_days_rest,
        players.opponent_days_rest,
        players.team_days_rest - players.opponent_days_rest as rest_advantage,
        players.is_back_to_back,
        players.games_in_last_7_days,
        players.minutes_in_last_7_days,
        players.back_to_backs_last_14_days,
        players.is_home,
        players.season_type = 'Playoffs' as is_playoffs,
        factors.fatigue_score,
        factors.shot_zone_mismatch_score,
        factors.pace_score,
        factors.usage_spike_score,
        {% for column in [
            'team_pace', 'team_offensive_rating', 'team_win_pct', 'team_blowout_share',
            'opponent_pace', 'opponent_defensive_rating',
        ] -%}
            players.{{ column }},
        {% endfor -%}
        players.opponent_free_throws_allowed,
        players.pace_differential as opponent_pace_mismatch,
        shots.paint_share_last_10 as pct_paint,
        shots.mid_range_share_last_10 as pct_mid_range,
        shots.three_share_last_10 as pct_three,
        players.stars_out as star_teammates_out,
        {% for column in [
            'minutes_last_team_game', 'minutes_per_team_game_last_5', 'team_games_played_last_5',
            'team_games_started_last_5', 'rotation_minutes_present', 'rotation_minutes_missing',
            'rotation_minutes_normalised',
            'injury_severity', 'teammates_out', 'minutes_out', 'used_possessions_out',
            'minutes_inherited', 'minutes_returning', 'minutes_available', 'minutes_normalised',
            'opponent_minutes_out',
        ] -%}
            players.{{ column }},
        {% endfor -%}
        players.spread,
        players.total as game_total,
        players.implied_team_total,
        {% for market in markets() -%}
            players.opponent_{{ market.name }}_allowed,
            players.{{ market.name }}_available,
            players.{{ market.name }}_normalised,
            players.{{ market.name }}_line,
            players.{{ market.name }}_line - players.{{ market.name }}_opening_line
                as {{ market.name }}_line_move,
            players.{{ market.name }}_line_std,
        {% endfor -%}
        players.has_prop_line,
        players.inputs_known_at,
        players.source_load_id,
        questions.inputs_version,
        players.built_as_of
    from players
    inner join questions
        on players.question_id = questions.question_id
    left join cache
        on players.player_game_id = cache.player_game_id
    left join shots
        on players.player_game_id = shots.player_game_id
    left join factors
        on players.player_question_id = factors.player_question_id

)

select * from final
