{# Shooting possessions used: field-goal attempts, free-throw trips (0.44 a free throw), turnovers. In hundredths, so that sums stay integers. #}
{% macro used_possessions_x100(fga, fta, tov) -%}
    (100 * {{ fga }} + 44 * {{ fta }} + 100 * {{ tov }})
{%- endmacro %}

{#
    Share of the team's possessions used while on the floor, in percent. Team time is in player-seconds
    (5 * 48 * 60, and 5 * 5 * 60 more an overtime), so an overtime game is right. Not capped: a few seconds can give over 100.
#}
{% macro usage_rate(fga, fta, tov, seconds, team_fga, team_fta, team_tov, team_seconds) -%}
    {{ safe_divide(
        '100 * cast(' ~ used_possessions_x100(fga, fta, tov) ~ ' * ' ~ team_seconds ~ ' as ' ~ type_double() ~ ')',
        '5 * ' ~ seconds ~ ' * ' ~ used_possessions_x100(team_fga, team_fta, team_tov)
    ) }}
{%- endmacro %}

{# Effective field-goal percentage, 0-1.5. #}
{% macro efg_pct(fgm, fg3m, fga) -%}
    {{ safe_divide('2 * ' ~ fgm ~ ' + ' ~ fg3m, '2 * ' ~ fga) }}
{%- endmacro %}

{# True-shooting percentage: points per two shooting possessions. #}
{% macro ts_pct(pts, fga, fta) -%}
    {{ safe_divide('100 * ' ~ pts, '2 * (100 * ' ~ fga ~ ' + 44 * ' ~ fta ~ ')') }}
{%- endmacro %}
