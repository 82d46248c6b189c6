{#
    Whether a game is the one that a user's bet can be on: it is on the day that he states, or else begins soon after he placed it.
    games: CTE of games; bets: one with placed_at and stated_date.
#}
{% macro is_game_of_bet(games, bets) -%}
    (
        {{ games }}.game_date = {{ bets }}.stated_date
        or (
            {{ bets }}.stated_date is null
            and {{ games }}.tipoff_at > {{ bets }}.placed_at
            and {{ games }}.tipoff_at < {{ add_minutes(bets ~ '.placed_at', var('line_lead_minutes')) }}
        )
    )
{%- endmacro %}
