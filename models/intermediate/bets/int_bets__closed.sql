-- The closing line of what a user's bet is on: what the books thought in the end.
with bets as (

    select * from {{ ref('int_bets__resolved') }}
    where game_id is not null

),

closing_lines as (

    select * from {{ ref('int_prop_lines__closing') }}
    where {{ every_game_date() }}

),

final as (

    select
        bets.bet_id,
        closing_lines.line as closing_line,
        closing_lines.known_at as closing_known_at,
        case bets.side
            when 'over' then closing_lines.over_probability
            else 1 - closing_lines.over_probability
        end as closing_probability
    from bets
    inner join closing_lines
        on
            bets.game_id = closing_lines.game_id
            and bets.player_id = closing_lines.player_id
            and bets.market = closing_lines.market

)

select * from final
