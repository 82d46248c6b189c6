{#
    A player's minutes if the side's summed ones made up the 240 of a game. No more than 42: few play longer, and a side of
    which little is known has few to share the time.
#}
{% macro minutes_of_240(seconds, side_seconds) -%}
    case
        when 240 * {{ seconds }} > 42 * nullif({{ side_seconds }}, 0) then 42
        else {{ safe_divide('240 * ' ~ seconds, side_seconds) }}
    end
{%- endmacro %}

{# What each side of a question misses: its players' roles summed. roles: CTE of what player_roles gives. #}
{% macro absence_sides(roles) %}
    (
        select
            question_id,
            team_id,
            count(case when is_out then 1 end) as players_out,
            count(case when severity = 2 then 1 end) as players_questionable,
            count(case when is_out and is_star then 1 end) as stars_out,
            {{ integer_sum('case when is_out then coalesce(usual_seconds, 0) else 0 end') }}
                as seconds_out,
            {{ integer_sum('case when is_out then coalesce(usual_used_x100, 0) else 0 end') }}
                as used_possessions_x100_out,
            -- Null where nobody is of the rotation, as on an opening night.
            {{ integer_sum('case when is_of_rotation and not is_out then recent_seconds end') }}
                as available_seconds,
            {% for market in markets() -%}
                {{ integer_sum(
                    'case when is_of_rotation and not is_out then recent_' ~ market.name
                    ~ '_x100 end'
                ) }} as available_{{ market.name }}_x100{{ ',' if not loop.last }}
            {% endfor %}
        from {{ roles }}
        group by question_id, team_id
    )
{% endmacro %}

{#
    The features of the group `absences`, one row a player of a question: what he meets tonight by who is out of both sides.
    A side without a row in `sides` is one of which nothing is known: its features are null, and not zero.

    roles: CTE of what player_roles gives; sides: CTE of what absence_sides gives.
#}
{% macro absence_features(roles, sides) %}
    (
        select
            features.*,
            {% for market in markets() -%}
                {{ safe_divide(
                    'features.' ~ market.name ~ '_per_hour * features.minutes_normalised', '60'
                ) }} as {{ market.name }}_normalised{{ ',' if not loop.last }}
            {% endfor %}
        from (
            select
                shares.player_question_id,
                shares.question_id,
                {% for market in markets() -%}
                    shares.{{ market.name }}_per_hour,
                    {{ safe_divide('own.available_' ~ market.name ~ '_x100', '100') }}
                        as {{ market.name }}_available,
                {% endfor -%}
                case when own.players_out is not null then coalesce(shares.severity, 0) end
                    as injury_severity,
                -- The player himself is not his own absent team-mate.
                own.players_out - case when shares.is_out then 1 else 0 end as teammates_out,
                own.stars_out - case when shares.is_out and shares.is_star then 1 else 0 end
                    as star_teammates_out,
                {{ safe_divide('own.seconds_out - shares.own_seconds_out', '60') }} as minutes_out,
                {{ safe_divide('own.used_possessions_x100_out - shares.own_used_x100_out', '100') }}
                    as used_possessions_out,
                -- Who is out himself has no share.
                {{ safe_divide('own.seconds_out', '60') }}
                * {{ safe_divide('shares.room_seconds', 'shares.side_room_seconds') }}
                    as minutes_inherited,
                case
                    when own.players_out is not null
                        then {{ safe_divide('shares.teammates_returning_seconds', '60') }}
                end as minutes_returning,
                {{ safe_divide('own.available_seconds', '60') }} as minutes_available,
                case
                    when not shares.is_out
                        then {{ minutes_of_240('shares.recent_seconds', 'own.available_seconds') }}
                end as minutes_normalised,
                opponents.players_out as opponents_out,
                {{ safe_divide('opponents.seconds_out', '60') }} as opponent_minutes_out
            from (
                select
                    rooms.*,
                    {{ integer_sum('room_seconds', 'side') }} as side_room_seconds,
                    {{ integer_sum('returning_seconds', 'side') }} - returning_seconds
                        as teammates_returning_seconds
                from (
                    select
                        {{ roles }}.*,
                        case when is_out then coalesce(usual_seconds, 0) else 0 end as own_seconds_out,
                        case when is_out then coalesce(usual_used_x100, 0) else 0 end
                            as own_used_x100_out,
                                case
                            when is_out then null
                            when usual_seconds > 36 * 60 then 0
                            else 36 * 60 - usual_seconds
                        end as room_seconds,
                        -- Who is questionable or worse is not counted on.
                        case
                            when is_away and coalesce(severity, 0) < 2 then coalesce(usual_seconds, 0)
                            else 0
                        end as returning_seconds
                    from {{ roles }}
                ) as rooms
                window side as (partition by question_id, team_id)
            ) as shares
            left join {{ sides }} as own
                on
                    shares.question_id = own.question_id
                    and shares.team_id = own.team_id
            left join {{ sides }} as opponents
                on
                    shares.question_id = opponents.question_id
                    and shares.opponent_team_id = opponents.team_id
        ) as features
    )
{% endmacro %}
