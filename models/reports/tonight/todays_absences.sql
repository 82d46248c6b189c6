-- Who of tonight's teams is out or in doubt, as last heard, and how much of a game he usually plays.
-- depends_on: {{ ref('gate_predictions') }}
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

questions as (

    select * from {{ ref('int_games__to_build') }}
    where game_date = {{ slate_date() }} and information_set = 'LINE'

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

    select * from {{ ref('players') }}

),

teams as (

    select * from {{ ref('teams') }}

),

final as (

    select
        slate.player_question_id as absence_id,
        questions.game_date,
        slate.game_id,
        slate.team_id,
        teams.abbreviation as team_abbreviation,
        slate.player_id,
        players.player_name,
        statuses.status,
        statuses.severity,
        statuses.known_at,
        round({{ safe_divide('form.seconds_10', '60 * form.games_10') }}, 1) as usual_minutes,
        round({{ safe_divide('form.pts_10', 'form.games_10') }}, 1) as usual_points
    from questions
    inner join slate
        on questions.question_id = slate.question_id
    inner join statuses
        on slate.player_question_id = statuses.player_question_id
    inner join players
        on slate.player_id = players.player_id
    inner join teams
        on slate.team_id = teams.team_id
    left join last_games
        on slate.player_game_id = last_games.player_game_id
    left join form
        on last_games.last_player_game_id = form.player_game_id
    where statuses.severity >= 1

)

select * from final
