-- Every source's team id and the team it means. A team outside the seed (All-Star sides) is its own member.
with teams as (

    select * from {{ ref('teams_seed') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

games as (

    select * from {{ ref('int_sources__games') }}

),

known as (

    {% for id_space, column in [
        ('nba', 'nba_id'), ('balldontlie', 'balldontlie_id'), ('espn', 'espn_id'),
        ('odds_api', 'odds_api_name'), ('bettingpros', 'abbreviation'),
    ] -%}
        select
            '{{ id_space }}' as id_space,
            {{ column }} as source_team_id,
            team_id
        from teams
        where {{ column }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

played as (

    select
        source,
        source_home_team_id as source_team_id
    from games
    union distinct
    select
        source,
        source_away_team_id as source_team_id
    from games

),

seen as (

    select distinct
        spaces.id_space,
        played.source_team_id
    from played
    inner join spaces
        on played.source = spaces.source
    where played.source_team_id is not null

),

resolved as (

    select
        id_space,
        source_team_id,
        team_id,
        true as is_franchise
    from known
    union all
    select
        seen.id_space,
        seen.source_team_id,
        {{ member_id('seen.id_space', 'seen.source_team_id') }} as team_id,
        false as is_franchise
    from seen
    left join known
        on
            seen.id_space = known.id_space
            and seen.source_team_id = known.source_team_id
    where known.team_id is null

),

final as (

    select
        spaces.source,
        resolved.source_team_id,
        resolved.team_id,
        resolved.is_franchise
    from resolved
    inner join spaces
        on resolved.id_space = spaces.id_space

)

select * from final
