-- Spreads and totals under our game ids; a spread is the home side's handicap.
with prices as (

    select * from {{ ref('stg_archive__game_line_prices') }}
    union all
    select * from {{ ref('stg_odds_api__game_line_prices') }}

),

events as (

    select * from {{ ref('int_odds_events__games') }}

),

games as (

    select * from {{ ref('games') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}
    where source = 'odds_api'

),

final as (

    select
        prices.price_id,
        events.game_id,
        events.game_date,
        events.tipoff_at,
        prices.bookmaker,
        case prices.market when 'spreads' then 'spread' else 'total' end as market,
        -- Two sources may name different home sides on neutral ground: the sign follows ours.
        cast(round(2 * case
            when prices.market = 'totals' then prices.line
            when home_teams.team_id = games.home_team_id then prices.line
            else -prices.line
        end) as {{ dbt.type_bigint() }}) as line_x2,
        prices.known_at,
        prices.source_load_id,
        prices.loaded_at
    from prices
    inner join events
        on prices.event_id = events.event_id
    inner join games
        on events.game_id = games.game_id
    left join teams as home_teams
        on prices.home_team_name = home_teams.source_team_id
    where
        (prices.market = 'spreads' and prices.outcome = 'home')
        or (prices.market = 'totals' and prices.outcome = 'over')

)

select * from final
