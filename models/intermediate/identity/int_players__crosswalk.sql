-- Every source's player id and the player it means. A name joins two sources where it names one player in each;
-- namesakes join where both sources have seen them with the same team in the same season.
with members as (

    select * from {{ ref('int_players__members') }}

),

teams as (

    select * from {{ ref('int_players__teams') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

ranks as (

    select * from {{ ref('source_priority') }}
    where need = 'players'

),

keyed as (

    select
        members.*,
        ranks.rank as source_rank,
        case
            when members.players_of_that_name = 1 then members.normalized_name
            else members.member_id
        end as own_key
    from members
    inner join ranks
        on members.source = ranks.source

),

same_team as (

    select distinct
        keyed.member_id,
        keyed.source,
        others.member_id as other_member_id,
        others.own_key as other_key,
        others.source_rank as other_rank
    from keyed
    inner join keyed as others
        on
            keyed.normalized_name = others.normalized_name
            and keyed.source_rank > others.source_rank
            and keyed.own_key != others.own_key
    inner join teams
        on keyed.member_id = teams.member_id
    inner join teams as other_teams
        on
            others.member_id = other_teams.member_id
            and teams.team_id = other_teams.team_id
            and teams.season = other_teams.season

),

counted as (

    select
        *,
        count(*) over (partition by member_id, other_rank) as candidates,
        count(*) over (partition by other_member_id, source) as claims
    from same_team

),

namesakes as (

    select
        member_id,
        other_key,
        row_number() over (partition by member_id order by other_rank asc) as choice
    from counted
    where candidates = 1 and claims = 1

),

clustered as (

    select
        keyed.*,
        coalesce(namesakes.other_key, keyed.own_key) as cluster_key
    from keyed
    left join namesakes
        on
            keyed.member_id = namesakes.member_id
            and namesakes.choice = 1

),

resolved as (

    select
        *,
        first_value(member_id) over (
            partition by cluster_key
            order by source_rank asc, member_id asc
            rows between unbounded preceding and unbounded following
        ) as player_id,
        source_rank = min(source_rank) over (partition by cluster_key) as is_best_source
    from clustered

),

final as (

    select
        spaces.source,
        resolved.source_player_id,
        resolved.member_id,
        resolved.player_name,
        resolved.normalized_name,
        resolved.player_id,
        resolved.is_best_source
    from resolved
    inner join spaces
        on resolved.source = spaces.id_space

)

select * from final
