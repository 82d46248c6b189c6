{{ config(materialized='view') }}

-- Who played although nothing had told before the cut that he belongs to the team: no feature row, so all that is known of him
-- is where the game is, and what he did until he was last asked about. A season is not evaluated without them.
with results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and has_played and is_countable

),

features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

-- A game was asked about where somebody of it has a settled row.
questions as (

    select
        question_id,
        game_id,
        information_set,
        min(cut_off_at) as cut_off_at
    from features
    where is_settled and is_countable
    group by question_id, game_id, information_set

),

newcomers as (

    select
        {{ row_id(['questions.question_id', 'results.player_id']) }} as feature_row_id,
        results.player_id,
        results.game_id,
        results.game_date,
        questions.information_set,
        questions.cut_off_at,
        results.season,
        results.season_type,
        results.is_home,
        {% for market in markets() -%}
            results.{{ market.column }} as actual_{{ market.name }},
        {% endfor -%}
        results.result_known_at,
        results.source_load_id
    from results
    inner join questions
        on results.game_id = questions.game_id
    left join features
        on
            questions.question_id = features.question_id
            and results.player_id = features.player_id
    where features.feature_row_id is null

),

asked_before as (

    select
        newcomers.feature_row_id,
        features.feature_row_id as form_row_id,
        row_number() over (
            partition by newcomers.feature_row_id
            order by features.game_date desc, features.feature_row_id asc
        ) as nth_latest
    from newcomers
    inner join features
        on
            newcomers.player_id = features.player_id
            and newcomers.information_set = features.information_set
            and newcomers.game_date > features.game_date
    where features.is_countable

),

final as (

    select
        newcomers.*,
        asked_before.form_row_id
    from newcomers
    left join asked_before
        on
            newcomers.feature_row_id = asked_before.feature_row_id
            and asked_before.nth_latest = 1

)

select * from final
