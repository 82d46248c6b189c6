{{ config(materialized='view') }}

-- The closing line of every player and market: the last consensus before tip-off, with the best prices at it.
with questions as (

    select
        game_id as question_id,
        game_id,
        tipoff_at as cut_off_at,
        tipoff_at
    from {{ ref('games') }}
    where is_franchise_game and tipoff_at is not null

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where
        {{ every_game_date() }}
        and player_id is not null
        and game_id is not null

),

{{ prop_line_consensus('questions', 'quotes') }},

final as (

    select
        {{ row_id(['question_id', 'player_id', 'market']) }} as line_id,
        question_id as game_id,
        player_id,
        market,
        line,
        over_probability as market_probability,
        best_over_price as over_price,
        best_under_price as under_price,
        best_over_bookmaker as over_bookmaker,
        best_under_bookmaker as under_bookmaker,
        books,
        known_at as line_known_at
    from consensus

)

select * from final
