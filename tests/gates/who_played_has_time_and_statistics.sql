-- Whether someone played is always known, and who did has been on the floor and in the box score.
select
    player_game_id,
    game_date
from {{ ref('player_game_summary') }}
where
    {{ every_game_date() }}
    and (
        has_played is null
        or (
            has_played
            and (
                coalesce(seconds_played, 0) <= 0
                {% for count in box_counts() -%}
                    or {{ count.name }} is null
                {% endfor -%}
            )
        )
    )
