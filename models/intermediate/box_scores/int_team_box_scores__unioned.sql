-- Two rows a final game: the official team row where there is one, else the sum of the player rows, and it says which.
with official as (

    select * from {{ ref('stg_archive__team_box_scores') }}

),

games as (

    select * from {{ ref('int_games__crosswalk') }}

),

teams as (

    select * from {{ ref('int_teams__crosswalk') }}

),

players as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

resolved_official as (

    select
        games.game_id,
        teams.team_id,
        official.*
    from official
    inner join games
        on
            official.source = games.source
            and official.source_game_id = games.source_game_id
    inner join teams
        on
            official.source = teams.source
            and official.source_team_id = teams.source_team_id

),

summed as (

    select
        game_id,
        team_id,
        min(source) as source,
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
        coalesce(resolved_official.source, summed.source) as source,
        resolved_official.game_id is null as is_rebuilt_from_players,
        cast(summed.player_seconds as {{ dbt.type_bigint() }}) as player_seconds,
        summed.has_exact_seconds,
        resolved_official.minutes as official_minutes,
        summed.players_listed,
        {% for count in box_counts() -%}
            cast(
                coalesce(resolved_official.{{ count.name }}, summed.{{ count.name }})
                as {{ dbt.type_bigint() }}
            ) as {{ count.name }},
        {% endfor -%}
        {{ greatest_known(['summed.source_load_id', 'resolved_official.source_load_id']) }}
            as source_load_id,
        {{ greatest_known(['summed.loaded_at', 'resolved_official.loaded_at']) }} as loaded_at
    from summed
    left join resolved_official
        on
            summed.game_id = resolved_official.game_id
            and summed.team_id = resolved_official.team_id

)

select * from final
