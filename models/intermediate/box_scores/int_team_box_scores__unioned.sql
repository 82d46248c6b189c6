-- Two rows a final game: the official team row where there is one, else the sum of the player rows, and it says which.
with official as (

    select * from {{ ref('int_sources__team_box_scores') }}

),

games as (

    select * from {{ ref('int_games__crosswalk') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

priority as (

    select * from {{ ref('source_priority') }}
    where need = 'team_box_scores'

),

players as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

resolved_official as (

    select
        games.game_id,
        teams.team_id,
        official.*,
        priority.rank as source_rank,
        priority.base_score
    from official
    inner join priority
        on official.source = priority.source
    inner join games
        on
            official.source = games.source
            and official.source_game_id = games.source_game_id
    inner join teams
        on
            official.source = teams.source
            and official.source_team_id = teams.source_team_id

),

believed_official as (

    select
        *,
        {{ source_choice("game_id || '|' || team_id", 'pts is not null', 'source') }} as choice
    from resolved_official

),

rebuilt as (

    select base_score from priority
    where source = 'players'

),

summed as (

    select
        game_id,
        team_id,
        min(source) as source,
        min(quality_score) as quality_score,
        min(quality_issues) as quality_issues,
        sum(seconds_played) as player_seconds,
        {{ all_true("has_exact_seconds") }} as has_exact_seconds,
        count(*) as players_listed,
        {% for count in box_counts() -%}
            sum({{ count.name }}) as {{ count.name }},
        {% endfor -%}
        max(source_load_id) as source_load_id,
        max(loaded_at) as loaded_at
    from players
    group by game_id, team_id

),

final as (

    select
        {{ row_id(['summed.game_id', 'summed.team_id']) }} as team_game_id,
        summed.game_id,
        summed.team_id,
        coalesce(believed_official.source, summed.source) as source,
        believed_official.game_id is null as is_rebuilt_from_players,
        case
            when believed_official.game_id is not null then believed_official.base_score
            else {{ least_known(['summed.quality_score', 'rebuilt.base_score']) }}
        end as quality_score,
        {{ joined_issues([
            "case when believed_official.source_rank > 1 "
            ~ "then believed_official.source || ' stands in' end",
            "case when believed_official.game_id is null then 'summed from the players' end",
            "case when believed_official.game_id is null then summed.quality_issues end",
        ]) }} as quality_issues,
        cast(summed.player_seconds as {{ dbt.type_bigint() }}) as player_seconds,
        summed.has_exact_seconds,
        believed_official.minutes as official_minutes,
        summed.players_listed,
        {% for count in box_counts() -%}
            cast(
                coalesce(believed_official.{{ count.name }}, summed.{{ count.name }})
                as {{ dbt.type_bigint() }}
            ) as {{ count.name }},
        {% endfor -%}
        {{ greatest_known(['summed.source_load_id', 'believed_official.source_load_id']) }}
            as source_load_id,
        {{ greatest_known(['summed.loaded_at', 'believed_official.loaded_at']) }} as loaded_at
    from summed
    cross join rebuilt
    left join believed_official
        on
            summed.game_id = believed_official.game_id
            and summed.team_id = believed_official.team_id
            and believed_official.choice = 1

)

select * from final
