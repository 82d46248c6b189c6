{{ config(materialized='view') }}

-- Features of games that were played, beside what happened. Settled rows of countable, complete games only.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }} and is_settled and is_countable

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and has_played and is_countable

),

final as (

    select
        features.*,
        results.seconds_played,
        {% for market in markets() -%}
            results.{{ market.column }} as actual_{{ market.name }},
        {% endfor -%}
        results.result_known_at
    from features
    inner join results
        on
            features.player_id = results.player_id
            and features.game_id = results.game_id

)

select * from final
