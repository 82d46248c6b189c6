{{ config(materialized='view') }}

-- The loads that gave the schedule, the rosters and the injuries behind each prediction.
with questions as (

    select * from {{ ref('prediction_questions') }}

),

members as (

    select * from {{ ref('prediction_members') }}

),

schedule as (

    select
        crosswalk.game_id,
        members_of_games.game_date,
        members_of_games.season,
        members_of_games.home_team_id,
        members_of_games.away_team_id,
        members_of_games.source_load_id
    from {{ ref('int_games__members') }} as members_of_games
    inner join {{ ref('int_games__crosswalk') }} as crosswalk
        on
            members_of_games.source = crosswalk.source
            and members_of_games.source_game_id = crosswalk.source_game_id

),

roster_facts as (

    select * from {{ ref('int_roster_facts__unioned') }}
    where basis != 'box score'

),

reports as (

    select * from {{ ref('int_injury_statuses__resolved') }}
    where known_at is not null

),

facts as (

    select
        questions.forecast_id,
        'schedule' as role,
        'schedule' as resource,
        schedule.source_load_id as load_id,
        schedule.game_date as fact_date
    from questions
    inner join schedule
        on
            questions.season = schedule.season
            and questions.game_date >= schedule.game_date
            and (
                questions.team_id in (schedule.home_team_id, schedule.away_team_id)
                or questions.opponent_team_id in (schedule.home_team_id, schedule.away_team_id)
            )
    union all
    select
        questions.forecast_id,
        'roster' as role,
        'active_players' as resource,
        roster_facts.source_load_id as load_id,
        {{ eastern_date('roster_facts.known_at') }} as fact_date
    from questions
    inner join roster_facts
        on
            questions.player_id = roster_facts.player_id
            and {{ known_before(
                'roster_facts.known_at', 'questions.cut_off_at', 'questions.tipoff_at'
            ) }}
    union all
    select
        forecast_id,
        'injuries' as role,
        'injuries' as resource,
        source_load_id as load_id,
        {{ eastern_date('known_at') }} as fact_date
    from members
    where known_at is not null
    union all
    -- Whether anything was reported in the week before decides between nobody absent and not known.
    select
        questions.forecast_id,
        'injury feed of the week' as role,
        'injuries' as resource,
        reports.source_load_id as load_id,
        {{ eastern_date('reports.known_at') }} as fact_date
    from questions
    inner join reports
        on
            {{ known_before('reports.known_at', 'questions.cut_off_at', 'questions.tipoff_at') }}
            and {{ minutes_between('reports.known_at', 'questions.cut_off_at') }} <= 7 * 24 * 60

),

final as (

    {{ facts_by_load('facts') }}

)

select * from final
