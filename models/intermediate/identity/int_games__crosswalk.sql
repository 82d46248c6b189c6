-- Every source's game id and the game it means: the same pair of teams on the same Eastern day.
with members as (

    select * from {{ ref('int_games__members') }}

),

final as (

    select
        source,
        source_game_id,
        member_id,
        first_value(member_id) over (
            partition by game_date, first_team_id, second_team_id
            order by source_rank asc, member_id asc
            rows between unbounded preceding and unbounded following
        ) as game_id
    from members

)

select * from final
