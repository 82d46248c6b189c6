{# Possessions of one team by its own box alone, in hundredths. #}
{% macro possessions_x100(fga, fta, tov, oreb) -%}
    (100 * {{ fga }} + 44 * {{ fta }} + 100 * {{ tov }} - 100 * {{ oreb }})
{%- endmacro %}

{# Overtimes from player-seconds of a team; a period is 5 * 5 * 60. A few lost seconds must not lose the period, so it is rounded. #}
{% macro overtime_periods(team_seconds) -%}
    {{ greatest_known(['0', 'cast(round((' ~ team_seconds ~ ' - 14400) / 1500.0) as ' ~ dbt.type_bigint() ~ ')']) }}
{%- endmacro %}
