-- What each book asks of each card now: its last quote before as_of; of several lines at that instant the most even one.
with cards as (

    select * from {{ ref('todays_cards') }}

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where game_date = {{ slate_date() }} and player_id is not null

),

ranked as (

    select
        cards.forecast_id,
        cards.card_number,
        cards.player_id,
        cards.market,
        quotes.bookmaker,
        quotes.line,
        quotes.over_price_american,
        quotes.under_price_american,
        quotes.known_at,
        coalesce(quotes.line = cards.line, false) as is_at_our_line,
        row_number() over (
            partition by cards.forecast_id, quotes.bookmaker
            order by
                quotes.known_at desc,
                abs(coalesce(quotes.over_millionths, 0) - 500000) asc,
                quotes.line asc,
                quotes.quote_id asc
        ) as recency
    from cards
    inner join quotes
        on
            cards.game_id = quotes.game_id
            and cards.player_id = quotes.player_id
            and cards.market = quotes.market
            and {{ known_before('quotes.known_at', 'cards.as_of', 'cards.tipoff_at') }}

),

final as (

    select
        {{ row_id(['forecast_id', 'bookmaker']) }} as price_row_id,
        forecast_id,
        card_number,
        player_id,
        market,
        bookmaker,
        line,
        over_price_american,
        under_price_american,
        is_at_our_line,
        known_at
    from ranked
    where recency = 1

)

select * from final
