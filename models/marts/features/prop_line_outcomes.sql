{{ config(materialized='view') }}

-- The last consensus line before a game, a row a player and market: what the books knew, to measure ourselves against.
-- depends_on: {{ ref('gate_context') }}
with players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }} and information_set = 'LINE'

),

final as (

    {% for market in markets() -%}
        select
            {{ row_id(['player_id', 'game_id', "'" ~ market.name ~ "'"]) }} as outcome_id,
            player_id,
            game_id,
            game_date,
            '{{ market.name }}' as market,
            {{ market.name }}_line as consensus_line,
            {{ market.name }}_over_probability as over_probability,
            {{ market.name }}_books as books
        from players
        where {{ market.name }}_line is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
