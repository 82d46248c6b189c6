-- A zero of a player on the bench would enter every average as a game without points.
select
    player_game_id,
    game_date
from {{ ref('player_game_summary') }}
where
    {{ every_game_date() }}
    and not has_played
    and (
        seconds_played is not null
        or plus_minus is not null
        or usage_rate is not null
        {% for count in box_counts() -%}
            or {{ count.name }} is not null
        {% endfor -%}
    )
