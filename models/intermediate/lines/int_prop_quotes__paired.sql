{{ config(**partitioned_table(['game_id', 'player_id'], is_large=true)) }}

-- What a book asked for both sides of one line at one instant. Unmapped events and open names keep a null id.
with prices as (

    select * from {{ ref('int_sources__prop_prices') }}

),

markets as (

    select * from {{ ref('markets') }}

),

events as (

    select * from {{ ref('int_odds_events__games') }}

),

names as (

    select * from {{ ref('int_prop_names__resolved') }}

),

event_names as (

    select * from {{ ref('int_prop_event_names__resolved') }}

),

sided as (

    select
        events.game_id,
        coalesce(events.game_date, prices.observed_date) as game_date,
        events.tipoff_at,
        coalesce(names.player_id, event_names.player_id) as player_id,
        prices.player_name,
        markets.market,
        prices.event_id,
        prices.bookmaker,
        prices.line,
        prices.known_at,
        prices.source,
        prices.source_load_id,
        prices.loaded_at,
        case when prices.side = 'over' then prices.price_american end as over_price,
        case when prices.side = 'under' then prices.price_american end as under_price
    from prices
    inner join markets
        on prices.source_market = markets.odds_api_market
    left join events
        on prices.event_id = events.event_id
    left join names
        on prices.player_name = names.player_name
    left join event_names
        on
            prices.event_id = event_names.event_id
            and prices.player_name = event_names.player_name

),

paired as (

    select
        game_id,
        game_date,
        tipoff_at,
        player_id,
        player_name,
        market,
        event_id,
        bookmaker,
        line,
        known_at,
        max(over_price) as over_price_american,
        max(under_price) as under_price_american,
        max(source) as source,
        max(source_load_id) as source_load_id,
        max(loaded_at) as loaded_at
    from sided
    group by
        game_id, game_date, tipoff_at, player_id, player_name,
        market, event_id, bookmaker, line, known_at

),

{{ devig('paired') }},

final as (

    select
        {{ row_id([
            'event_id', 'player_name', 'market', 'bookmaker',
            'cast(round(100 * line) as ' ~ dbt.type_bigint() ~ ')', unix_micros('known_at')
        ]) }} as quote_id,
        game_id,
        game_date,
        tipoff_at,
        player_id,
        player_name,
        market,
        event_id,
        bookmaker,
        line,
        known_at,
        over_price_american,
        under_price_american,
        source,
        source_load_id,
        loaded_at,
        over_probability,
        -- In millionths, so that books can be averaged without a sum of doubles.
        cast(round(1000000 * over_probability) as {{ dbt.type_bigint() }}) as over_millionths
    from devigged

)

select * from final
