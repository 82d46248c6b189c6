-- Consensus spread (home handicap) and total of each game before the cut: the books' lower median.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

lines as (

    select * from {{ ref('int_game_lines__resolved') }}

),

known as (

    select
        questions.question_id,
        lines.market,
        lines.bookmaker,
        lines.line_x2,
        lines.known_at,
        lines.source_load_id,
        row_number() over (
            partition by questions.question_id, lines.market, lines.bookmaker
            order by lines.known_at desc, lines.price_id asc
        ) as recency
    from questions
    inner join lines
        on questions.game_id = lines.game_id
    where {{ known_before('lines.known_at', 'questions.cut_off_at', 'questions.tipoff_at') }}

),

ranked as (

    select
        known.*,
        row_number() over (partition by question_id, market order by line_x2 asc, bookmaker asc)
            as line_rank,
        count(*) over (partition by question_id, market) as books
    from known
    where recency = 1

),

final as (

    select
        question_id,
        max(case when market = 'spread' then {{ safe_divide('line_x2', '2') }} end) as home_spread,
        max(case when market = 'total' then {{ safe_divide('line_x2', '2') }} end) as total,
        max(known_at) as known_at,
        max(source_load_id) as source_load_id
    from ranked
    where 2 * line_rank in (books, books + 1)
    group by question_id

)

select * from final
