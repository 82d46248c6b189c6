-- What each slate player usually does and what is said of him, as known before the cut: what his side misses where he is out.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

slate as (

    select * from {{ ref('int_slate_players__known') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__as_of') }}

),

last_games as (

    select * from {{ ref('int_player_form__as_of') }}

),

form as (

    -- Only what is asked for: the table is wide, and most of it is long past.
    select * from {{ ref('int_player_form__windows') }}
    where
        {{ every_game_date() }}
        and player_game_id in (select last_games.last_player_game_id from last_games)

),

players as (

    select
        slate.player_question_id,
        slate.question_id,
        slate.team_id,
        slate.opponent_team_id,
        slate.previous_game_date,
        questions.game_date,
        statuses.severity,
        last_games.last_player_game_id
    from slate
    inner join questions
        on slate.question_id = questions.question_id
    left join statuses
        on slate.player_question_id = statuses.player_question_id
    left join last_games
        on slate.player_game_id = last_games.player_game_id

),

final as {{ player_roles('players', 'form') }}

select * from final
