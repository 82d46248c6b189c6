{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_prop_quotes__paired')) }}",
    **by_game_date(['player_id']),
) }}

-- The closing line: the last consensus before tip-off in every market, with the best prices at it. There is no other.
with questions as (

    select
        game_id as question_id,
        game_id,
        game_date,
        tipoff_at,
        -- Before tip-off it is the last so far, as of the build.
        {{ least_known(['tipoff_at', 'built_as_of']) }} as cut_off_at
    from {{ ref('int_games__to_build') }}
    where information_set = 'LINE' and tipoff_at is not null

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where
        {{ game_dates_to_build() }}
        and player_id is not null
        and game_id is not null

),

{{ prop_line_consensus('questions', 'quotes') }},

final as (

    select
        {{ row_id(['consensus.player_id', 'questions.game_id', 'consensus.market']) }}
            as closing_line_id,
        consensus.player_id,
        questions.game_id,
        questions.game_date,
        consensus.market,
        consensus.line,
        consensus.over_probability,
        consensus.best_over_price,
        consensus.best_under_price,
        consensus.best_over_bookmaker,
        consensus.best_under_bookmaker,
        consensus.books,
        consensus.known_at
    from consensus
    inner join questions
        on consensus.question_id = questions.question_id

)

select * from final
