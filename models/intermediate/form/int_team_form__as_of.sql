-- The last game of each side whose result was known before the cut.
with sides as (

    select * from {{ ref('int_team_questions__sides') }}

),

form as (

    select * from {{ ref('int_team_form__windows') }}

),

answers as {{ latest_known(
    facts='form', questions='sides', key='team_id', fact_at='result_known_at',
    question_at='cut_off_at', fact_id='team_game_id', question_id='team_question_id'
) }},

final as (

    select
        answers.team_question_id,
        answers.team_game_id as last_team_game_id
    from answers

)

select * from final
