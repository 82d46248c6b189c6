{#
    What each player of a question usually does, beside what is said of him: a subquery in brackets. Who is out is the caller's
    to say, by `severity`; all that follows from it is the same SQL for reports and for who did not play.

    players: CTE of (player_question_id, question_id, team_id, opponent_team_id, severity, game_date, previous_game_date of the
    team, last_player_game_id); form, decay: CTEs of int_player_form__windows and int_player_decay__weighted.
#}
{% macro player_roles(players, form, decay) %}
    (
        select
            {{ players }}.player_question_id,
            {{ players }}.question_id,
            {{ players }}.team_id,
            {{ players }}.opponent_team_id,
            {{ players }}.severity,
            coalesce({{ players }}.severity, 0) >= 3 as is_out,
            {{ is_star(
                form ~ '.games_season',
                safe_divide(form ~ '.pts_season', form ~ '.games_season'),
                safe_divide(form ~ '.seconds_season', '60 * ' ~ form ~ '.games_season')
            ) }} as is_star,
            cast(
                round({{ safe_divide(form ~ '.seconds_10', form ~ '.games_10') }})
                as {{ dbt.type_bigint() }}
            ) as usual_seconds,
            cast(
                round({{ safe_divide(form ~ '.used_10', form ~ '.games_10') }})
                as {{ dbt.type_bigint() }}
            ) as usual_used_x100,
            cast(round(60 * {{ decay }}.minutes_ewma_6) as {{ dbt.type_bigint() }})
                as recent_seconds,
            {% for market in markets() -%}
                cast(
                    round(100 * {{ decay }}.{{ market.column }}_ewma_6)
                    as {{ dbt.type_bigint() }}
                ) as recent_{{ market.name }}_x100,
                {{ decay }}.{{ market.column }}_per_hour_ewma_20 as {{ market.name }}_per_hour,
            {% endfor -%}
            {{ is_of_rotation(
                decay ~ '.minutes_ewma_6',
                days_between(form ~ '.game_date', players ~ '.game_date')
            ) }} as is_of_rotation,
            -- He missed the team's last game, and played in the two months before.
            coalesce(
                {{ form }}.game_date < {{ players }}.previous_game_date
                and {{ days_between(form ~ '.game_date', players ~ '.game_date') }} <= 60,
                false
            ) as is_away
        from {{ players }}
        left join {{ form }}
            on {{ players }}.last_player_game_id = {{ form }}.player_game_id
        left join {{ decay }}
            on {{ players }}.last_player_game_id = {{ decay }}.player_game_id
    )
{% endmacro %}

{# Whether a player belongs to the rotation of his team: ten minutes a game of late, and a game within 60 days. #}
{% macro is_of_rotation(minutes, days_rest) -%}
    coalesce({{ minutes }} >= 10 and {{ days_rest }} <= 60, false)
{%- endmacro %}

{#
    Whether a man of the rotation was missing, by what the box score says after the game: not listed as having played. Whom the
    coach left on the bench was there, and no report would have named him; who never plays says only how the game went.
#}
{% macro is_rotation_absence(usual_minutes, days_rest, has_played, dnp_reason) -%}
    (
        {{ is_of_rotation(usual_minutes, days_rest) }}
        and not coalesce({{ has_played }}, false)
        and lower(coalesce({{ dnp_reason }}, '')) not like '%coach%'
    )
{%- endmacro %}
