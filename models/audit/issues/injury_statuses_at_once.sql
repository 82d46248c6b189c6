{{ config(materialized='view') }}

-- Statuses of a player that hold at the same time, in one feed or several: is it another team, or another status?
with reported as (

    select * from {{ ref('int_injury_statuses__resolved') }}

),

listed as (

    select
        status_id,
        team_text
    from {{ ref('stg_archive__injury_statuses') }}

),

team_names as (

    {% for name in ['abbreviation', 'full_name', 'odds_api_name'] -%}
        select
            {{ name }} as team_text,
            team_id
        from {{ ref('teams_seed') }}
        {{ 'union distinct' if not loop.last }}
    {% endfor -%}

),

statuses as (

    select
        reported.status_id,
        reported.status,
        reported.known_at,
        reported.gone_by_at,
        listed.team_text,
        -- Who has no id yet is told apart by his name, a team that nobody knows by its text.
        coalesce(reported.player_id, reported.player_name) as person,
        coalesce(team_names.team_id, listed.team_text) as team
    from reported
    left join listed
        on reported.status_id = listed.status_id
    left join team_names
        on listed.team_text = team_names.team_text

),

final as (

    select
        statuses.status_id,
        max(case when statuses.team != others.team then others.team_text end) as other_team_text,
        max(case when statuses.status != others.status then others.status end) as other_status
    from statuses
    inner join statuses as others
        on
            statuses.person = others.person
            and statuses.status_id != others.status_id
            and (statuses.gone_by_at is null or statuses.gone_by_at > others.known_at)
            and (others.gone_by_at is null or statuses.known_at < others.gone_by_at)
    group by statuses.status_id

)

select * from final
where other_team_text is not null or other_status is not null
