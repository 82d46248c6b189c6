{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

{% set is_to_build = game_dates_to_build() %}
-- depends_on: {{ ref('gate_features') }}
-- What a player did in those of his last 60 games that were most like the one ahead. Rest, form and opponent are as of the
-- morning under every cut, so a player and game is asked once; a past game is described by its own features.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

results as (

    select * from {{ ref('int_player_games__numbered') }}

),

described as (

    select
        player_id,
        game_id,
        game_date,
        tipoff_at,
        cut_off_at,
        career_games,
        is_home,
        case when days_rest > 4 then 4 else days_rest end as rest,
        {{ defence_tier('opponent_defensive_rating') }} as defence_tier,
        {{ form_tier('points_avg_last_5 - points_avg_season') }} as form_tier,
        row_number() over (
            partition by player_id, game_id
            order by cut_off_at asc, information_set asc
        ) as cut
    from features

),

questions as (

    select * from described
    where cut = 1 and career_games >= 5 and {{ is_to_build }}

),

past as (

    select
        described.player_id,
        described.is_home,
        described.rest,
        described.defence_tier,
        described.form_tier,
        results.career_game_number,
        {% for market in markets() -%}
            results.{{ market.column }},
        {% endfor -%}
        results.result_known_at
    from described
    inner join results
        on
            described.player_id = results.player_id
            and described.game_id = results.game_id
    where described.cut = 1

),

pairs as (

    select
        questions.player_id,
        questions.game_id,
        questions.game_date,
        past.career_game_number,
        {% for market in markets() -%}
            past.{{ market.column }},
        {% endfor -%}
        {{ similarity('questions', 'past') }} as similarity
    from questions
    inner join past
        on
            questions.player_id = past.player_id
            and past.career_game_number between questions.career_games - 59
            and questions.career_games
            and {{ known_before(
                'past.result_known_at', 'questions.cut_off_at', 'questions.tipoff_at'
            ) }}

),

ranked as (

    select
        pairs.*,
        row_number() over (
            partition by player_id, game_id
            order by similarity desc, career_game_number desc
        ) as likeness
    from pairs
    where similarity >= 70

),

summed as (

    select
        player_id,
        game_id,
        game_date,
        count(*) as similar_games,
        {% for market in markets() -%}
            {{ safe_divide('sum(similarity * ' ~ market.column ~ ')', 'sum(similarity)') }}
                as {{ market.name }},
        {% endfor -%}
        min(similarity) as least_similarity
    from ranked
    where likeness <= 20
    group by player_id, game_id, game_date

),

final as (

    select
        {{ row_id(['game_id', 'player_id']) }} as player_game_id,
        *
    from summed
    -- fewer say nothing
    where similar_games >= 5

)

select * from final
