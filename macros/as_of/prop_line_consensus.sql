{#
    CTEs up to `consensus`: per question, player and market what the books said before the cut.
    A book speaks through its last quote; of several lines at that instant the most even one is its main line.
    The consensus line is the (lower) median of the books' main lines.
    questions: (question_id, game_id, cut_off_at, tipoff_at); quotes: int_prop_quotes__paired.
#}
{% macro prop_line_consensus(questions, quotes) %}
known_quotes as (

    select
        questions.question_id,
        quotes.*,
        -- Nobody groups by a double on BigQuery.
        cast(round(100 * quotes.line) as {{ dbt.type_bigint() }}) as line_x100
    from {{ questions }} as questions
    inner join {{ quotes }} as quotes
        on questions.game_id = quotes.game_id
    where {{ known_before('quotes.known_at', 'questions.cut_off_at', 'questions.tipoff_at') }}

),

ranked_quotes as (

    select
        known_quotes.*,
        row_number() over (
            partition by question_id, player_id, market, bookmaker
            order by
                known_at desc,
                abs(coalesce(over_millionths, 0) - 500000) asc,
                line asc,
                quote_id asc
        ) as recency,
        row_number() over (
            partition by question_id, player_id, market
            order by
                known_at asc,
                abs(coalesce(over_millionths, 0) - 500000) asc,
                line asc,
                quote_id asc
        ) as age
    from known_quotes

),

main_lines as (

    select
        ranked_quotes.*,
        row_number() over (
            partition by question_id, player_id, market
            order by line asc, bookmaker asc
        ) as line_rank,
        count(*) over (partition by question_id, player_id, market) as books,
        first_value(case when over_price_american is not null then bookmaker end) over (
            partition by question_id, player_id, market, line_x100
            order by over_price_american desc nulls last, bookmaker asc
        ) as best_over_bookmaker,
        first_value(case when under_price_american is not null then bookmaker end) over (
            partition by question_id, player_id, market, line_x100
            order by under_price_american desc nulls last, bookmaker asc
        ) as best_under_bookmaker
    from ranked_quotes
    where recency = 1

),

middle_lines as (

    select
        question_id,
        player_id,
        market,
        line
    from main_lines
    where 2 * line_rank in (books, books + 1)

),

opening_lines as (

    select
        question_id,
        player_id,
        market,
        line as opening_line,
        known_at as opened_at
    from ranked_quotes
    where age = 1

),

consensus as (

    select
        main_lines.question_id,
        main_lines.player_id,
        main_lines.market,
        min(middle_lines.line) as line,
        min(opening_lines.opening_line) as opening_line,
        max(main_lines.books) as books,
        count(case when main_lines.line = middle_lines.line then 1 end) as books_at_line,
        {{ safe_divide(
            'sum(case when main_lines.line = middle_lines.line then main_lines.over_millionths end)',
            '1000000 * count(case when main_lines.line = middle_lines.line then main_lines.over_millionths end)'
        ) }} as over_probability,
        max(case when main_lines.line = middle_lines.line then main_lines.over_price_american end)
            as best_over_price,
        max(case when main_lines.line = middle_lines.line then main_lines.under_price_american end)
            as best_under_price,
        max(case when main_lines.line = middle_lines.line then main_lines.best_over_bookmaker end)
            as best_over_bookmaker,
        max(case when main_lines.line = middle_lines.line then main_lines.best_under_bookmaker end)
            as best_under_bookmaker,
        cast(sum(cast(round(2 * main_lines.line) as {{ dbt.type_bigint() }})) as {{ dbt.type_bigint() }})
            as line_x2_sum,
        cast(sum(
            cast(round(2 * main_lines.line) as {{ dbt.type_bigint() }})
            * cast(round(2 * main_lines.line) as {{ dbt.type_bigint() }})
        ) as {{ dbt.type_bigint() }}) as line_x2_squares,
        max(main_lines.known_at) as known_at,
        max(main_lines.source_load_id) as source_load_id
    from main_lines
    inner join middle_lines
        on
            main_lines.question_id = middle_lines.question_id
            and main_lines.player_id = middle_lines.player_id
            and main_lines.market = middle_lines.market
    inner join opening_lines
        on
            main_lines.question_id = opening_lines.question_id
            and main_lines.player_id = opening_lines.player_id
            and main_lines.market = opening_lines.market
    group by main_lines.question_id, main_lines.player_id, main_lines.market

)
{% endmacro %}
