-- The last game each slate player was listed for, as known before the cut.
with slate as (

    select * from {{ ref('int_slate_player_games__distinct') }}

),

listings as (

    select * from {{ ref('int_player_listings__windows') }}

),

answers as {{ latest_known(
    facts='listings', questions='slate', key='player_id', fact_at='known_at',
    question_at='cut_off_at', fact_id='listing_id', question_id='player_game_id'
) }},

final as (

    select
        answers.player_game_id,
        listings.listed_10,
        listings.not_played_10
    from answers
    inner join listings
        on answers.listing_id = listings.listing_id

)

select * from final
