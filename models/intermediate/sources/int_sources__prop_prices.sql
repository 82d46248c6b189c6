{{ config(materialized='view') }}

-- The prices of player props of every source.
with final as (

    {{ union_of(
        [
            ref('stg_archive__prop_prices'),
            ref('stg_odds_api__prop_prices'),
            ref('stg_bettingpros__prop_prices')
        ],
        [
            'price_id', 'source', 'event_id', 'commence_at', 'observed_date', 'home_team_name',
            'away_team_name', 'bookmaker', 'source_market', 'player_name', 'side', 'line',
            'price_american', 'updated_at', 'captured_at', 'known_at', 'source_load_id',
            'loaded_at',
        ]
    ) }}

)

select * from final
