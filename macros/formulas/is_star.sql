{# 18 points a game, or 12 in 28 minutes, over at least ten games of this season. #}
{% macro is_star(games, points, minutes) -%}
    coalesce(
        {{ games }} >= 10 and ({{ points }} >= 18 or ({{ minutes }} >= 28 and {{ points }} >= 12)), false
    )
{%- endmacro %}
