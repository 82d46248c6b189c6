-- Who belongs to a game, by what was known before the cut: seen with the team in its last games or on its roster list,
-- or offered as a prop. Never by that day's box score.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

facts as (

    select * from {{ ref('int_roster_facts__unioned') }}

),

team_games as (

    select * from {{ ref('int_team_games__scheduled') }}

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where {{ game_dates_to_build() }}

),

sides as (

    select
        questions.question_id,
        questions.game_id,
        questions.cut_off_at,
        questions.tipoff_at,
        team_games.team_id,
        team_games.opponent_team_id,
        team_games.is_home,
        team_games.team_game_number,
        team_games.previous_game_date
    from questions
    inner join team_games
        on questions.game_id = team_games.game_id

),

by_team as (

    select
        sides.question_id,
        sides.team_id,
        facts.player_id,
        -- 'roster' sorts behind 'box score': a place on the list says more than a game of last week.
        max(facts.basis) as basis,
        max(facts.known_at) as known_at,
        max(facts.source_load_id) as source_load_id,
        {{ any_true(
            'coalesce(sides.team_game_number - facts.team_game_number <= '
            ~ var('roster_lookback_games') ~ ', true)'
        ) }} as is_recent
    from sides
    inner join facts
        on
            sides.team_id = facts.team_id
            and {{ known_before('facts.known_at', 'sides.cut_off_at', 'sides.tipoff_at') }}
            -- Superseded by something that was known before the cut as well.
            and (
                facts.superseded_at is null
                or not {{ known_before(
                    'facts.superseded_at', 'sides.cut_off_at', 'sides.tipoff_at'
                ) }}
            )
    group by sides.question_id, sides.team_id, facts.player_id

),

quoted as (

    select distinct
        questions.question_id,
        quotes.player_id
    from questions
    inner join quotes
        on questions.game_id = quotes.game_id
    where
        quotes.player_id is not null
        and {{ known_before('quotes.known_at', 'questions.cut_off_at', 'questions.tipoff_at') }}

),

final as (

    select
        {{ row_id(['by_team.question_id', 'by_team.player_id']) }} as player_question_id,
        by_team.question_id,
        {{ row_id(['sides.game_id', 'by_team.player_id']) }} as player_game_id,
        by_team.player_id,
        sides.game_id,
        sides.team_id,
        sides.opponent_team_id,
        sides.is_home,
        sides.team_game_number,
        sides.previous_game_date,
        sides.cut_off_at,
        sides.tipoff_at,
        case when by_team.is_recent then by_team.basis else 'prop line' end as roster_basis,
        by_team.known_at as roster_known_at,
        quoted.player_id is not null as is_quoted,
        by_team.source_load_id
    from by_team
    inner join sides
        on
            by_team.question_id = sides.question_id
            and by_team.team_id = sides.team_id
    left join quoted
        on
            by_team.question_id = quoted.question_id
            and by_team.player_id = quoted.player_id
    where by_team.is_recent or quoted.player_id is not null

)

select * from final
