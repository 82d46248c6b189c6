-- The player and game of a user's bet: of those who bear the name the one who has a game. Else the reason why there is none.
with bets as (

    select * from {{ ref('stg_bets__bets') }}

),

candidates as (

    select * from {{ ref('int_bets__candidates') }}

),

counted as (

    select
        bet_id,
        count(*) as bearers,
        count(game_id) as bearers_with_game,
        max(case when game_id is not null then player_id end) as player_id,
        max(game_id) as game_id,
        max(game_date) as game_date,
        max(tipoff_at) as tipoff_at
    from candidates
    group by bet_id

),

joined as (

    select
        bets.*,
        counted.player_id,
        counted.game_id,
        counted.game_date,
        counted.tipoff_at,
        coalesce(counted.bearers, 0) as bearers,
        coalesce(counted.bearers_with_game, 0) as bearers_with_game
    from bets
    left join counted
        on bets.bet_id = counted.bet_id

),

final as (

    select
        bet_id,
        case when bearers_with_game = 1 then player_id end as player_id,
        case when bearers_with_game = 1 then game_id end as game_id,
        case when bearers_with_game = 1 then game_date end as game_date,
        case when bearers_with_game = 1 then tipoff_at end as tipoff_at,
        player_name,
        market,
        side,
        line,
        price_american,
        stake,
        bookmaker,
        placed_at,
        placed_at >= case when bearers_with_game = 1 then tipoff_at end as is_in_play,
        case
            when bearers = 0 then 'no player bears the name'
            when bearers_with_game > 1 then 'several players of that name have a game then'
            when bearers_with_game = 0 and stated_date is not null
                then 'he has no game on the day that is stated'
            when bearers_with_game = 0 then 'no game of his is known to come soon after the bet'
        end as unresolved_reason
    from joined

)

select * from final
