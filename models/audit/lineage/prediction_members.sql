{{ config(materialized='view') }}

-- Who stood on either side of a prediction's game before its cut, by box scores and roster lists, and what ailed him.
with questions as (

    select * from {{ ref('prediction_questions') }}

),

roster_facts as (

    select * from {{ ref('int_roster_facts__unioned') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__resolved') }}
    where player_id is not null and known_at is not null

),

sides as (

    select
        questions.*,
        team_id as side_id
    from questions
    union all
    select
        questions.*,
        opponent_team_id as side_id
    from questions

),

members as (

    select distinct
        sides.forecast_id,
        sides.cut_off_at,
        sides.results_cut_off_at,
        sides.tipoff_at,
        roster_facts.player_id,
        roster_facts.player_id = sides.player_id as is_himself
    from sides
    inner join roster_facts
        on sides.side_id = roster_facts.team_id
    where
        {{ known_before('roster_facts.known_at', 'sides.cut_off_at', 'sides.tipoff_at') }}
        and (
            roster_facts.superseded_at is null
            or not {{ known_before(
                'roster_facts.superseded_at', 'sides.cut_off_at', 'sides.tipoff_at'
            ) }}
        )

),

final as (

    select
        {{ row_id(['members.forecast_id', 'members.player_id', 'statuses.status_id']) }}
            as prediction_member_id,
        members.forecast_id,
        members.player_id,
        members.is_himself,
        members.cut_off_at,
        members.results_cut_off_at,
        members.tipoff_at,
        statuses.severity,
        statuses.known_at,
        statuses.source_load_id
    from members
    left join statuses
        on
            members.player_id = statuses.player_id
            and {{ known_before('statuses.known_at', 'members.cut_off_at', 'members.tipoff_at') }}
            and (
                statuses.gone_by_at is null
                or not {{ known_before(
                    'statuses.gone_by_at', 'members.cut_off_at', 'members.tipoff_at'
                ) }}
            )

)

select * from final
