-- One row a player and game. All rows of a game come from one source: the best whose answer is complete.
with box_scores as (

    select * from {{ ref('int_player_box_scores__members') }}

),

answers as (

    select * from {{ ref('int_box_scores__answers') }}
    where is_believed

),

final as (

    select
        box_scores.player_game_id,
        box_scores.game_id,
        box_scores.player_id,
        box_scores.team_id,
        box_scores.source,
        answers.quality_score,
        answers.quality_issues,
        box_scores.start_position,
        box_scores.is_starter,
        box_scores.dnp_reason,
        box_scores.seconds_played,
        box_scores.has_exact_seconds,
        {% for count in box_counts() -%}
            box_scores.{{ count.name }},
        {% endfor -%}
        box_scores.plus_minus,
        box_scores.source_load_id,
        box_scores.loaded_at
    from box_scores
    inner join answers
        on
            box_scores.game_id = answers.game_id
            and box_scores.source = answers.source

)

select * from final
