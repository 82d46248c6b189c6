{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id', 'team_id'], is_large=true),
) }}

-- depends_on: {{ ref('gate_player_summaries') }}
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

slate as (

    select * from {{ ref('int_slate_players__known') }}

),

teams as (

    select * from {{ ref('upcoming_team_game_context') }}
    where {{ game_dates_to_build() }}

),

situations as (

    select * from {{ ref('int_player_situations__as_of') }}

),

absences as (

    select * from {{ ref('int_player_absences__as_of') }}

),

lines as (

    select * from {{ ref('int_prop_lines__wide') }}

),

final as (

    select
        {% for column in [
            'player_question_id', 'question_id', 'player_game_id', 'player_id', 'game_id',
            'team_id', 'opponent_team_id',
        ] -%}
            slate.{{ column }},
        {% endfor -%}
        questions.game_date,
        slate.tipoff_at,
        questions.season,
        questions.season_type,
        questions.is_countable,
        questions.information_set,
        slate.cut_off_at,
        questions.nominal_cut_off_at,
        slate.cut_off_at
        = {{ least_known(['questions.nominal_cut_off_at', 'slate.tipoff_at']) }} as is_settled,
        slate.is_home,
        slate.roster_basis,
        slate.roster_known_at,
        situations.days_rest,
        teams.days_rest as team_days_rest,
        opponents.days_rest as opponent_days_rest,
        teams.is_back_to_back,
        {% for column in [
            'games_in_last_7_days', 'games_in_last_14_days', 'minutes_in_last_7_days',
            'minutes_in_last_14_days', 'back_to_backs_last_14_days', 'dnp_rate_last_10',
            'minutes_last_team_game', 'minutes_per_team_game_last_5', 'team_games_played_last_5',
            'team_games_started_last_5', 'rotation_minutes_present', 'rotation_minutes_missing',
            'rotation_minutes_normalised', 'injury_status',
        ] -%}
            situations.{{ column }},
        {% endfor -%}
        -- Without reports on the side nothing is known of him either: null, not available.
        absences.injury_severity,
        absences.teammates_out,
        absences.star_teammates_out as stars_out,
        {% for column in [
            'minutes_out', 'used_possessions_out', 'minutes_inherited', 'minutes_returning',
            'minutes_available', 'minutes_normalised',
            'opponents_out', 'opponent_minutes_out',
        ] -%}
            absences.{{ column }},
        {% endfor -%}
        lines.points_line is not null as has_prop_line,
        {% for market in markets() -%}
            absences.{{ market.name }}_available,
            absences.{{ market.name }}_normalised,
            opponents.{{ market.name }}_allowed_last_15 as opponent_{{ market.name }}_allowed,
            lines.{{ market.name }}_line,
            lines.{{ market.name }}_opening_line,
            lines.{{ market.name }}_over_probability,
            lines.{{ market.name }}_line_std,
            lines.{{ market.name }}_books,
        {% endfor -%}
        teams.spread,
        teams.total,
        teams.implied_team_total,
        teams.pace_last_10 as team_pace,
        teams.offensive_rating_last_10 as team_offensive_rating,
        teams.win_pct as team_win_pct,
        teams.blowout_share_last_10 as team_blowout_share,
        opponents.pace_last_10 as opponent_pace,
        opponents.defensive_rating_last_15 as opponent_defensive_rating,
        opponents.free_throws_allowed_last_15 as opponent_free_throws_allowed,
        teams.pace_last_10 - opponents.pace_last_10 as pace_differential,
        {{ least_known([
            'situations.form_quality', 'teams.form_quality', 'opponents.form_quality'
        ]) }} as form_quality,
        situations.last_player_game_id,
        teams.last_team_game_id,
        opponents.last_team_game_id as opponent_last_team_game_id,
        {{ greatest_known([
            'situations.known_at', 'teams.form_known_at', 'opponents.form_known_at',
            'teams.line_known_at', 'lines.known_at', 'slate.roster_known_at'
        ]) }} as inputs_known_at,
        {{ greatest_known([
            'situations.source_load_id', 'teams.source_load_id', 'opponents.source_load_id',
            'lines.source_load_id', 'slate.source_load_id'
        ]) }} as source_load_id,
        questions.built_as_of
    from slate
    inner join questions
        on slate.question_id = questions.question_id
    inner join teams
        on
            slate.question_id = teams.question_id
            and slate.team_id = teams.team_id
    inner join teams as opponents
        on
            slate.question_id = opponents.question_id
            and slate.opponent_team_id = opponents.team_id
    left join situations
        on slate.player_question_id = situations.player_question_id
    left join absences
        on slate.player_question_id = absences.player_question_id
    left join lines
        on
            slate.question_id = lines.question_id
            and slate.player_id = lines.player_id

)

select * from final
