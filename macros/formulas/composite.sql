{# Between -limit and limit; null stays null (greatest and least of a null differ between engines). #}
{% macro clamp(value, limit) -%}
    case
        when {{ value }} is null then null
        when {{ value }} > {{ limit }} then cast({{ limit }} as {{ type_double() }})
        when {{ value }} < -{{ limit }} then cast(-{{ limit }} as {{ type_double() }})
        else {{ value }}
    end
{%- endmacro %}

{# 0-100, 100 is fresh. Null days_rest: nothing is known of his rest, so nothing is scored. Age is not in any source on the default path. #}
{% macro fatigue_score(is_back_to_back, days_rest, games_7, minutes_7, minutes_a_game_7, back_to_backs_14) -%}
    case
        when {{ days_rest }} is null then null
        else cast(greatest(0.0, least(100.0,
            100.0
            - case when {{ is_back_to_back }} and {{ days_rest }} = 1 then 15 else 0 end
            + case when {{ days_rest }} >= 3 then 5 else 0 end
            - case when {{ games_7 }} >= 4 then 10 else 0 end
            - case when {{ minutes_7 }} > 240 then 10 else 0 end
            - case when {{ minutes_a_game_7 }} > 35 then 8 else 0 end
            - case when {{ back_to_backs_14 }} >= 2 then 12 when {{ back_to_backs_14 }} = 1 then 5 else 0 end
        )) as {{ type_double() }})
    end
{%- endmacro %}

{# What the opponent allows above the league in the player's main zone, by how much of his game is there; -10 to 10. #}
{% macro shot_zone_mismatch(zone_vs_league, zone_share) -%}
    {%- set raw = '(' ~ zone_vs_league ~ ' * least(100 * ' ~ zone_share ~ ' / 50, 1.0))' -%}
    case
        when {{ zone_vs_league }} is null or {{ zone_share }} is null then null
        when abs({{ raw }}) > 5 then {{ clamp('1.2 * ' ~ raw, 10) }}
        else {{ raw }}
    end
{%- endmacro %}

{# Recent usage above usual, more where stars are out; -3 to 3. #}
{% macro usage_spike(recent, usual, stars_out) -%}
    {%- set raw = '(0.3 * (' ~ recent ~ ' - ' ~ usual ~ '))' -%}
    {{ clamp(
        raw ~ ' * case when ' ~ raw ~ ' > 0 and ' ~ stars_out ~ ' >= 2 then 1.30 when '
        ~ raw ~ ' > 0 and ' ~ stars_out ~ ' = 1 then 1.15 else 1.0 end', 3
    ) }}
{%- endmacro %}
