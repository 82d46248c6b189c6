-- What each source's box score of a game is worth: whether it is complete, its score, and which one is believed.
with box_scores as (

    select * from {{ ref('int_player_box_scores__members') }}

),

games as (

    select * from {{ ref('int_games__unioned') }}

),

priority as (

    select * from {{ ref('source_priority') }}
    where need = 'box_scores'

),

sides as (

    select
        game_id,
        team_id,
        source,
        count(case when seconds_played > 0 then 1 end) as players,
        sum(pts) as pts
    from box_scores
    group by game_id, team_id, source

),

judged as (

    select
        sides.game_id,
        sides.source,
        count(*) as teams,
        min(sides.players) as fewest_players,
        {{ any_true(
            'sides.pts != case when sides.team_id = games.home_team_id '
            ~ 'then games.home_score else games.away_score end'
        ) }} as is_other_than_score
    from sides
    left join games
        on sides.game_id = games.game_id
    group by sides.game_id, sides.source

),

checked as (

    select
        judged.game_id,
        judged.source,
        judged.teams,
        judged.fewest_players,
        priority.rank as source_rank,
        priority.base_score,
        judged.teams < 2 as is_one_sided,
        judged.teams < 2 or judged.fewest_players < 8 as is_short,
        -- a game without a score cannot be checked against it
        coalesce(judged.is_other_than_score, false) as is_other_than_score
    from judged
    inner join priority
        on judged.source = priority.source

),

final as (

    select
        {{ row_id(['game_id', 'source']) }} as answer_id,
        game_id,
        source,
        teams,
        fewest_players,
        not is_short and not is_other_than_score as is_complete,
        base_score - case when is_short or is_other_than_score then 15 else 0 end as quality_score,
        {{ joined_issues([
            "case when source_rank > 1 and base_score < 95 then source || ' stands in' end",
            "case when is_one_sided then 'a team is missing' end",
            "case when is_short and not is_one_sided then 'fewer than 8 players of a team' end",
            "case when is_other_than_score then 'points differ from the score' end",
        ]) }} as quality_issues,
        {{ source_choice('game_id', 'not is_short and not is_other_than_score', 'source') }} = 1
            as is_believed
    from checked

)

select * from final
