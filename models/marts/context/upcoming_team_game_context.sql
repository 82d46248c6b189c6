{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['team_id']),
) }}

-- depends_on: {{ ref('gate_player_summaries') }}
with sides as (

    select * from {{ ref('int_team_questions__sides') }}

),

last_games as (

    select * from {{ ref('int_team_form__as_of') }}

),

form as (

    select * from {{ ref('int_team_form__windows') }}

),

lines as (

    select * from {{ ref('int_game_lines__as_of') }}

),

absences as (

    select * from {{ ref('int_absences__as_of') }}

),

final as (

    select
        sides.team_question_id,
        sides.question_id,
        sides.game_id,
        sides.team_id,
        sides.opponent_team_id,
        sides.game_date,
        sides.tipoff_at,
        sides.season,
        sides.season_type,
        sides.information_set,
        sides.cut_off_at,
        sides.nominal_cut_off_at,
        sides.is_home,
        {{ days_between('sides.previous_game_date', 'sides.game_date') }} as days_rest,
        coalesce({{ days_between('sides.previous_game_date', 'sides.game_date') }} = 1, false)
            as is_back_to_back,
        form.games_season,
        {{ safe_divide('form.wins_season', 'form.games_season') }} as win_pct,
        form.last_margin,
        {{ safe_divide('20000 * form.pts_10', 'form.possessions_x200_10') }}
            as offensive_rating_last_10,
        {{ safe_divide('72 * form.possessions_x200_10', 'form.seconds_10') }} as pace_last_10,
        {{ safe_divide('20000 * form.opponent_pts_15', 'form.possessions_x200_15') }}
            as defensive_rating_last_15,
        {% for stat in markets() -%}
            {{ safe_divide(
                '20000 * form.allowed_' ~ stat.column ~ '_15', 'form.possessions_x200_15'
            ) }} as {{ stat.name }}_allowed_last_15,
        {% endfor -%}
        {{ safe_divide('20000 * form.allowed_fta_15', 'form.possessions_x200_15') }}
            as free_throws_allowed_last_15,
        {{ safe_divide('form.blowouts_10', 'form.games_10') }} as blowout_share_last_10,
        case when sides.is_home then lines.home_spread else -lines.home_spread end as spread,
        lines.total,
        (
            lines.total
            - case when sides.is_home then lines.home_spread else -lines.home_spread end
        ) / 2
            as implied_team_total,
        absences.players_out,
        absences.players_questionable,
        absences.stars_out,
        {{ safe_divide('absences.seconds_out', '60') }} as minutes_out,
        {{ safe_divide('absences.used_possessions_x100_out', '100') }} as used_possessions_out,
        form.quality_10 as form_quality,
        last_games.last_team_game_id,
        form.result_known_at as form_known_at,
        lines.known_at as line_known_at,
        form.source_load_id,
        form.loaded_at,
        sides.built_as_of
    from sides
    left join last_games
        on sides.team_question_id = last_games.team_question_id
    left join form
        on last_games.last_team_game_id = form.team_game_id
    left join lines
        on sides.question_id = lines.question_id
    left join absences
        on sides.team_question_id = absences.team_question_id

)

select * from final
