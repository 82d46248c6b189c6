-- The work list by side: each team of each game, under each cut.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

team_games as (

    select * from {{ ref('int_team_games__scheduled') }}

),

final as (

    select
        {{ row_id(['questions.question_id', 'team_games.team_id']) }} as team_question_id,
        questions.question_id,
        questions.game_id,
        team_games.team_id,
        team_games.opponent_team_id,
        questions.game_date,
        questions.tipoff_at,
        questions.season,
        questions.season_type,
        questions.is_countable,
        questions.information_set,
        questions.nominal_cut_off_at,
        questions.cut_off_at,
        questions.built_as_of,
        team_games.is_home,
        team_games.team_game_number,
        team_games.previous_game_date
    from questions
    inner join team_games
        on questions.game_id = team_games.game_id

)

select * from final
