{{ config(tags=['evaluation'], **partitioned_table(['player_id'])) }}

-- The features of the group `absences` as if every absence had been reported: who is out is who of the rotation did not play.
-- That is known after the game. It bounds what reports can be worth, and is for evaluation alone: no forecast may read it.
with questions as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }} and information_set = 'TIP' and is_settled and is_countable

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and is_countable

),

finished as (

    select distinct game_id from results

),

team_games as (

    select * from {{ ref('int_team_games__scheduled') }}

),

form as (

    select * from {{ ref('int_player_form__windows') }}
    where {{ every_game_date() }}

),

decay as (

    select * from {{ ref('int_player_decay__weighted') }}
    where {{ every_game_date() }}

),

players as (

    select
        questions.player_question_id,
        questions.question_id,
        questions.player_id,
        questions.game_id,
        questions.team_id,
        questions.opponent_team_id,
        questions.game_date,
        questions.last_player_game_id,
        team_games.previous_game_date,
        case
            when {{ is_rotation_absence(
                'decay.minutes_ewma_6', 'questions.days_rest',
                'results.has_played', 'results.dnp_reason'
            ) }} then 4
            else 0
        end as severity
    from questions
    inner join finished
        on questions.game_id = finished.game_id
    inner join team_games
        on
            questions.game_id = team_games.game_id
            and questions.team_id = team_games.team_id
    left join decay
        on questions.last_player_game_id = decay.player_game_id
    left join results
        on
            questions.game_id = results.game_id
            and questions.player_id = results.player_id

),

roles as {{ player_roles('players', 'form', 'decay') }},

sides as {{ absence_sides('roles') }},

absences as {{ absence_features('roles', 'sides') }},

final as (

    select
        players.player_question_id as feature_row_id,
        players.player_id,
        players.game_id,
        players.team_id,
        players.game_date,
        absences.injury_severity,
        absences.teammates_out,
        absences.star_teammates_out,
        absences.minutes_out,
        absences.used_possessions_out,
        absences.minutes_inherited,
        absences.minutes_returning,
        absences.minutes_available,
        absences.minutes_normalised,
        {% for market in markets() -%}
            absences.{{ market.name }}_available,
            absences.{{ market.name }}_normalised,
        {% endfor -%}
        absences.opponent_minutes_out
    from players
    inner join absences
        on players.player_question_id = absences.player_question_id

)

select * from final
