-- Every source's game id and the game it means: the same pair of teams on the same Eastern day.
with members as (

    select * from {{ ref('int_games__members') }}

),

spaces as (

    select * from {{ ref('source_id_spaces') }}

),

resolved as (

    select
        id_space,
        source_game_id,
        member_id,
        source_rank,
        first_value(member_id) over (
            partition by game_date, first_team_id, second_team_id
            order by source_rank asc, member_id asc
            rows between unbounded preceding and unbounded following
        ) as game_id
    from members

),

believed as (

    -- two sources of one space can date a game differently: the better one's date counts
    select
        *,
        row_number() over (
            partition by id_space, source_game_id
            order by source_rank asc, game_id asc
        ) as choice
    from resolved

),

final as (

    select
        spaces.source,
        believed.source_game_id,
        believed.member_id,
        believed.game_id
    from believed
    inner join spaces
        on believed.id_space = spaces.id_space
    where believed.choice = 1

)

select * from final
