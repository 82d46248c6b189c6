-- Every bet of a user against what happened, at its own price, and against the line that the books closed with.
with bets as (

    select * from {{ ref('int_bets__resolved') }}

),

closed as (

    select * from {{ ref('int_bets__closed') }}

),

games as (

    select * from {{ ref('games') }}

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}

),

partial_games as (

    select distinct game_id from {{ ref('team_offense_game_summary') }}
    where is_partial

),

joined as (

    select
        bets.*,
        closed.closing_line,
        closed.closing_probability,
        {{ implied_probability('bets.price_american') }} as break_even_probability,
        coalesce(games.is_final and partial_games.game_id is null, false) as is_complete,
        coalesce(results.has_played, false) as has_played,
        case bets.market
            {% for market in all_markets() -%}
                when '{{ market.name }}' then {{ market_value(market, 'results') }}
            {% endfor -%}
        end as listed_value
    from bets
    left join closed
        on bets.bet_id = closed.bet_id
    left join games
        on bets.game_id = games.game_id
    left join partial_games
        on bets.game_id = partial_games.game_id
    left join results
        on
            bets.game_id = results.game_id
            and bets.player_id = results.player_id

),

settled as (

    select
        *,
        case when is_complete then listed_value end as actual_value,
        case
            when unresolved_reason is not null then 'unresolved'
            when not is_complete then 'pending'
            when not has_played then 'void'
            when listed_value is null then 'unresolved'
            when listed_value = line then 'push'
            when (listed_value > line) = (side = 'over') then 'won'
            else 'lost'
        end as result
    from joined

),

final as (

    select
        bet_id,
        player_id,
        game_id,
        coalesce(game_date, {{ eastern_date('placed_at') }}) as bet_date,
        tipoff_at,
        placed_at,
        player_name,
        market,
        side,
        line,
        price_american,
        stake,
        bookmaker,
        is_in_play,
        result,
        case
            when result = 'unresolved'
                then coalesce(unresolved_reason, 'no result of that market is told')
        end as unresolved_reason,
        actual_value,
        case result
            when 'won' then stake * {{ profit_of_one('price_american') }}
            when 'lost' then -stake
            when 'push' then 0.0
            when 'void' then 0.0
        end as profit,
        break_even_probability,
        closing_line,
        closing_probability,
        -- A price says nothing of another line, nor a closing line of a bet in play.
        case
            when closing_line = line and not is_in_play
                then closing_probability - break_even_probability
        end as clv
    from settled

)

select * from final
