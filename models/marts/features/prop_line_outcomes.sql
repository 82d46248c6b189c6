{{ config(materialized='view') }}

-- The last consensus line before a game, a row a player and market: what the books knew, to measure ourselves against.
-- depends_on: {{ ref('gate_context') }}
with closing_lines as (

    select * from {{ ref('int_prop_lines__closing') }}

),

final as (

    select
        closing_line_id as outcome_id,
        player_id,
        game_id,
        game_date,
        market,
        line as consensus_line,
        over_probability,
        books
    from closing_lines

)

select * from final
