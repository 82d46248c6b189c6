-- Every source's player id and the player it means. A name joins two sources only where it names one player in each.
with members as (

    select * from {{ ref('int_players__members') }}

),

ranks as (

    select * from {{ ref('source_priority') }}
    where need = 'players'

),

clustered as (

    select
        members.*,
        ranks.rank as source_rank,
        case
            when members.players_of_that_name = 1 then members.normalized_name
            else members.member_id
        end as cluster_key
    from members
    inner join ranks
        on members.source = ranks.source

),

final as (

    select
        source,
        source_player_id,
        member_id,
        player_name,
        normalized_name,
        first_value(member_id) over (
            partition by cluster_key
            order by source_rank asc, member_id asc
            rows between unbounded preceding and unbounded following
        ) as player_id,
        source_rank = min(source_rank) over (partition by cluster_key) as is_best_source
    from clustered

)

select * from final
