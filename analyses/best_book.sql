-- Which book asks least: of each player, market and line that several books quote, who has the best price of a side,
-- and what each keeps of both sides together.
with quotes as (

    select
        *,
        row_number() over (
            partition by game_id, player_id, market, bookmaker
            order by known_at desc, quote_id asc
        ) as recency
    from {{ ref('int_prop_quotes__paired') }}
    where
        player_id is not null
        and game_id is not null
        and over_price_american is not null
        and under_price_american is not null
        and {{ every_game_date() }}

),

implied as (

    select
        game_id,
        player_id,
        market,
        bookmaker,
        cast(round(2 * line) as {{ dbt.type_int() }}) as half_points,
        {{ implied_probability('over_price_american') }} as over_chance,
        {{ implied_probability('under_price_american') }} as under_chance
    from quotes
    where recency = 1

),

-- A lower chance that a price implies is a better price.
placed as (

    select
        bookmaker,
        market,
        over_chance,
        under_chance,
        rank() over (
            partition by game_id, player_id, market, half_points order by over_chance asc
        ) as over_place,
        rank() over (
            partition by game_id, player_id, market, half_points order by under_chance asc
        ) as under_place,
        count(*) over (partition by game_id, player_id, market, half_points) as books
    from implied

)

select
    bookmaker,
    market,
    count(*) as quotes,
    count(case when over_place = 1 then 1 end) as best_overs,
    count(case when under_place = 1 then 1 end) as best_unders,
    round(
        {{ safe_divide(
            'count(case when over_place = 1 or under_place = 1 then 1 end)', 'count(*)'
        ) }},
        3
    ) as share_with_a_best_side,
    round(avg(over_chance + under_chance - 1), 4) as kept_of_both_sides
from placed
where books > 1
group by bookmaker, market
order by share_with_a_best_side desc, bookmaker asc, market asc
