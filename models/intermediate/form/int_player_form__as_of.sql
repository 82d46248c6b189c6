-- The last game each slate player played whose result was known before the cut.
with slate as (

    select * from {{ ref('int_slate_player_games__distinct') }}

),

form as (

    select
        player_id,
        player_game_id as last_player_game_id,
        result_known_at
    from {{ ref('int_player_form__windows') }}
    where {{ every_game_date() }}

),

answers as {{ latest_known(
    facts='form', questions='slate', key='player_id', fact_at='result_known_at',
    question_at='cut_off_at', fact_id='last_player_game_id', question_id='player_game_id'
) }},

final as (

    select
        answers.player_game_id,
        answers.last_player_game_id
    from answers

)

select * from final
