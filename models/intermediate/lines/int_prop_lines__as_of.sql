-- The consensus prop line of every player and market, as it stood before each cut.
with questions as (

    select
        question_id,
        game_id,
        cut_off_at,
        tipoff_at
    from {{ ref('int_games__to_build') }}

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
        {{ row_id(['question_id', 'player_id', 'market']) }} as line_id,
        *
    from consensus

)

select * from final
