{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_prop_quotes__paired')) }}",
    **by_game_date(['player_id']),
) }}

-- The last consensus before each game, 15 minutes before tip-off, in every market: what the books knew in the end.
with lines as (

    select * from {{ ref('int_prop_lines__as_of') }}

),

questions as (

    select * from {{ ref('int_games__to_build') }}
    where information_set = 'LINE'

),

final as (

    select
        {{ row_id(['lines.player_id', 'questions.game_id', 'lines.market']) }} as closing_line_id,
        lines.player_id,
        questions.game_id,
        questions.game_date,
        lines.market,
        lines.line,
        lines.over_probability,
        lines.books,
        lines.known_at
    from lines
    inner join questions
        on lines.question_id = questions.question_id

)

select * from final
