-- Both sides of a final game in one row, with the integers that possessions, ratings and pace divide.
with box_scores as (

    select * from {{ ref('int_team_box_scores__unioned') }}

),

games as (

    select * from {{ ref('games') }}
    where is_final

),

sides as (

    select
        box_scores.*,
        games.game_date,
        games.tipoff_at,
        games.season,
        games.season_type,
        games.is_countable,
        games.result_known_at,
        box_scores.team_id = games.home_team_id as is_home,
        coalesce(games.overtime_periods, {{ overtime_periods('box_scores.player_seconds') }})
            as game_overtimes,
        {{ possessions_x100(
            'box_scores.fga', 'box_scores.fta', 'box_scores.tov', 'box_scores.oreb'
        ) }} as possessions_x100,
        {{ greatest_known(['box_scores.loaded_at', 'games.loaded_at']) }} as inputs_loaded_at
    from box_scores
    inner join games
        on box_scores.game_id = games.game_id

),

paired as (

    select
        own.team_game_id,
        own.game_id,
        own.team_id,
        opponent.team_id as opponent_team_id,
        own.game_date,
        own.tipoff_at,
        own.season,
        own.season_type,
        own.is_home,
        own.is_countable as is_game_countable,
        own.is_rebuilt_from_players,
        own.players_listed,
        -- Both sides played the same overtimes; a lost second on one side must not split them.
        {{ greatest_known(['own.game_overtimes', 'opponent.game_overtimes']) }} as overtime_periods,
        14400 + 1500 * {{ greatest_known(['own.game_overtimes', 'opponent.game_overtimes']) }}
            as team_seconds,
        own.player_seconds,
        opponent.player_seconds as opponent_player_seconds,
        own.has_exact_seconds,
        own.possessions_x100,
        own.possessions_x100 + opponent.possessions_x100 as possessions_x200,
        {% for count in box_counts() -%}
            own.{{ count.name }},
            opponent.{{ count.name }} as opponent_{{ count.name }},
        {% endfor -%}
        own.result_known_at,
        own.source,
        own.quality_score,
        own.quality_issues,
        {{ greatest_known(['own.source_load_id', 'opponent.source_load_id']) }} as source_load_id,
        {{ greatest_known(['own.inputs_loaded_at', 'opponent.inputs_loaded_at']) }} as loaded_at
    from sides as own
    inner join sides as opponent
        on
            own.game_id = opponent.game_id
            and own.team_id != opponent.team_id

),

marked as (

    select
        *,
        -- Of a side without any time nothing is known: it is short of all of it.
        coalesce(
            team_seconds - {{ least_known(['player_seconds', 'opponent_player_seconds']) }}
            >= 60 * {{ var('partial_game_missing_minutes') }},
            true
        )
        or player_seconds is null
        or opponent_player_seconds is null as is_partial
    from paired

),

final as (

    select
        *,
        is_game_countable and not is_partial as is_countable
    from marked

)

select * from final
