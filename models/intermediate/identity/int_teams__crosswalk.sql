-- Every source's team id and the team it means. A team outside the seed (All-Star sides) is its own member.
with teams as (

    select * from {{ ref('teams_seed') }}

),

games as (

    select
        source,
        source_home_team_id as source_team_id
    from {{ ref('stg_archive__games') }}
    union all
    select
        source,
        source_away_team_id as source_team_id
    from {{ ref('stg_archive__games') }}
    union all
    select
        source,
        source_home_team_id as source_team_id
    from {{ ref('stg_balldontlie__games') }}
    union all
    select
        source,
        source_away_team_id as source_team_id
    from {{ ref('stg_balldontlie__games') }}

),

known as (

    select
        'nba' as source,
        nba_id as source_team_id,
        team_id
    from teams
    union all
    select
        'balldontlie' as source,
        balldontlie_id as source_team_id,
        team_id
    from teams
    union all
    select
        'odds_api' as source,
        odds_api_name as source_team_id,
        team_id
    from teams

),

seen as (

    select distinct
        source,
        source_team_id
    from games
    where source_team_id is not null

),

final as (

    select
        source,
        source_team_id,
        team_id,
        true as is_franchise
    from known
    union all
    select
        seen.source,
        seen.source_team_id,
        {{ member_id('seen.source', 'seen.source_team_id') }} as team_id,
        false as is_franchise
    from seen
    left join known
        on
            seen.source = known.source
            and seen.source_team_id = known.source_team_id
    where known.team_id is null

)

select * from final
