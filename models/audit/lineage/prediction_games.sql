{{ config(materialized='view') }}

-- The finished games that each prediction looked back on: the player's own, his absent team-mates', both sides', the league's.
with questions as (

    select * from {{ ref('prediction_questions') }}

),

members as (

    select * from {{ ref('prediction_members') }}

),

player_games as (

    select
        players.player_id,
        games.game_id,
        games.game_date,
        games.result_known_at
    from {{ ref('int_player_box_scores__unioned') }} as players
    inner join {{ ref('games') }} as games
        on players.game_id = games.game_id
    where games.is_final

),

team_games as (

    select * from {{ ref('int_team_games__countable') }}

),

asked_players as (

    select
        forecast_id,
        player_id,
        'own' as whose,
        results_cut_off_at,
        tipoff_at
    from questions
    union all
    -- What a side misses is measured by what its absent players did.
    select distinct
        forecast_id,
        player_id,
        'absent players' as whose,
        results_cut_off_at,
        tipoff_at
    from members
    where severity >= 2 and not is_himself

),

of_players as (

    select
        asked_players.forecast_id,
        asked_players.whose,
        asked_players.player_id,
        player_games.game_id,
        player_games.game_date
    from asked_players
    inner join player_games
        on asked_players.player_id = player_games.player_id
    where
        {{ known_before(
            'player_games.result_known_at', 'asked_players.results_cut_off_at',
            'asked_players.tipoff_at'
        ) }}

),

sides as (

    select
        questions.*,
        'team' as whose,
        team_id as side_id
    from questions
    union all
    select
        questions.*,
        'opponent' as whose,
        opponent_team_id as side_id
    from questions

),

of_sides as (

    select
        sides.forecast_id,
        sides.whose,
        team_games.game_id,
        team_games.game_date,
        sides.season = team_games.season as is_this_season,
        row_number() over (
            partition by sides.forecast_id, sides.whose
            order by team_games.tipoff_at desc, team_games.game_id desc
        ) as recency
    from sides
    inner join team_games
        on sides.side_id = team_games.team_id
    where {{ known_before('team_games.result_known_at', 'sides.cut_off_at', 'sides.tipoff_at') }}

),

final as (

    select
        forecast_id,
        whose,
        player_id,
        game_id,
        game_date
    from of_players
    union all
    select
        forecast_id,
        whose,
        cast(null as {{ dbt.type_string() }}) as player_id,
        game_id,
        game_date
    from of_sides
    -- The longest windows of a side: fifteen games, and the season.
    where recency <= 15 or is_this_season
    union all
    select distinct
        questions.forecast_id,
        'league' as whose,
        cast(null as {{ dbt.type_string() }}) as player_id,
        team_games.game_id,
        team_games.game_date
    from questions
    inner join team_games
        on
            questions.game_date > team_games.game_date
            and {{ add_days('questions.game_date', -30) }} <= team_games.game_date
            and questions.cut_off_at > team_games.result_known_at

)

select
    {{ row_id(['forecast_id', 'whose', 'player_id', 'game_id']) }} as prediction_game_id,
    *
from final
