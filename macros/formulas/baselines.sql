{# What the baseline systems know how to do, one formula a macro. A mean of a count is never below zero. #}
{% macro not_below_zero(value) -%}
    case when {{ value }} < 0 then 0 else {{ value }} end
{%- endmacro %}

{# Half the last five games, three tenths the last ten, two tenths the season; null where one of them is. #}
{% macro moving_average(last_5, last_10, season) -%}
    (0.5 * {{ last_5 }} + 0.3 * {{ last_10 }} + 0.2 * {{ season }})
{%- endmacro %}

{# Points that tiredness costs. 100 means fresh: the earlier system read the score the other way round, and fined the rested. #}
{% macro fatigue_points(fatigue_score) -%}
    case when {{ fatigue_score }} < 30 then -2.5 when {{ fatigue_score }} < 50 then -1.0 else 0 end
{%- endmacro %}

{# How much of the player's game is in a zone: 1 where it is his main one, less where he is seldom. #}
{% macro zone_weight(share) -%}
    case when {{ share }} >= 0.4 then 1.0 when {{ share }} >= 0.2 then 0.7 else 0.4 end
{%- endmacro %}

{#
    Points that the opponent's defence of each zone is worth, -3 to 3; null where zones are not known. vs_league: makes in a
    hundred attempts above the league; free throws: attempts in a hundred possessions above it, nothing where not known.
#}
{% macro zone_points(
    paint_share, paint_vs_league, mid_range_share, mid_range_vs_league, three_share, three_vs_league,
    free_throw_share, free_throws_vs_league
) -%}
    {%- set free_throws = '0.8 * ' ~ zone_weight(free_throw_share) ~ ' * ' ~ free_throws_vs_league -%}
    {{ clamp(
        '(0.3 * ('
        ~ '1.2 * ' ~ zone_weight(paint_share) ~ ' * ' ~ paint_vs_league
        ~ ' + 1.0 * ' ~ zone_weight(mid_range_share) ~ ' * ' ~ mid_range_vs_league
        ~ ' + 1.1 * ' ~ zone_weight(three_share) ~ ' * ' ~ three_vs_league
        ~ ' + case when ' ~ free_throw_share ~ ' is null then 0 else coalesce(' ~ free_throws ~ ', 0) end))', 3
    ) }}
{%- endmacro %}

{# The defence that a game is against: 1 strong (under 110 points in a hundred possessions), 2 average, 3 weak (over 115). #}
{% macro defence_tier(defensive_rating) -%}
    case
        when {{ defensive_rating }} is null then null
        when {{ defensive_rating }} < 110 then 1
        when {{ defensive_rating }} <= 115 then 2
        else 3
    end
{%- endmacro %}

{# How a player comes into a game: 1 cold (the last five games 3 points under the season), 2 as usual, 3 hot. #}
{% macro form_tier(points_above_season) -%}
    case
        when {{ points_above_season }} is null then null
        when {{ points_above_season }} < -3 then 1
        when {{ points_above_season }} <= 3 then 2
        else 3
    end
{%- endmacro %}

{# How alike two games are, 0-100: opponent 40, rest 30, venue 15, form 15. What is not known of one of them counts nothing. #}
{% macro similarity(one, other) -%}
    (
        case abs({{ one }}.defence_tier - {{ other }}.defence_tier) when 0 then 40 when 1 then 20 else 0 end
        + case abs({{ one }}.rest - {{ other }}.rest) when 0 then 30 when 1 then 20 when 2 then 10 else 0 end
        + case when {{ one }}.is_home = {{ other }}.is_home then 15 else 0 end
        + case abs({{ one }}.form_tier - {{ other }}.form_tier) when 0 then 15 when 1 then 7 else 0 end
    )
{%- endmacro %}

{# Points of the situation, of the moving average. A score that is not known adds nothing. #}
{% macro situation_points(mismatch, pace, usage_spike, is_home, is_back_to_back, fatigue_score) -%}
    (
        0.3 * coalesce({{ mismatch }}, 0) + 0.3 * coalesce({{ pace }}, 0) + 0.4 * coalesce({{ usage_spike }}, 0)
        + case when {{ is_home }} then 0.5 else -0.5 end
        + case when {{ is_back_to_back }} then -1.5 else 0 end
        + {{ fatigue_points(fatigue_score) }}
    )
{%- endmacro %}

{# Minutes that a player is expected to get: two memories of his own, and a part of what those who are out leave. #}
{% macro expected_minutes(ewma_6, ewma_20, inherited) -%}
    (0.5 * {{ ewma_6 }} + 0.5 * {{ ewma_20 }} + 0.25 * coalesce({{ inherited }}, 0))
{%- endmacro %}

{#
    A rate an hour: his own, as if he had played so many games more at the rate of the season before, and that as if it
    held so many games more of the league. Where there is no season before, the league; where there is neither, his own.
#}
{% macro shrunk_rate(own, own_games, previous, previous_games, league) -%}
    {%- set prior = 'coalesce(' ~ safe_divide(
        previous_games ~ ' * ' ~ previous ~ ' + 10 * ' ~ league, previous_games ~ ' + 10'
    ) ~ ', ' ~ league ~ ', ' ~ previous ~ ', ' ~ own ~ ')' -%}
    {{ safe_divide(own_games ~ ' * ' ~ own ~ ' + 5 * ' ~ prior, own_games ~ ' + 5') }}
{%- endmacro %}

{# What half of the opponent's difference from the league makes of a figure; 1 where either is not known. #}
{% macro opponent_factor(vs_league) -%}
    (1 + 0.5 * coalesce({{ vs_league }} - 1, 0))
{%- endmacro %}
