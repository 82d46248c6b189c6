-- A player's line of a final game beside the team's. Who did not play has no statistics: the zeros of the feed are not data.
with box_scores as (

    select * from {{ ref('int_player_box_scores__unioned') }}

),

team_games as (

    select * from {{ ref('team_offense_game_summary') }}

),

games as (

    select * from {{ ref('games') }}

),

zones as (

    select * from {{ ref('int_player_shot_zones__resolved') }}

),

marked as (

    select
        *,
        -- Time on the floor decides; a stray count beside no time (one real row has a rebound) is not a game played.
        coalesce(seconds_played, 0) > 0 as has_played
    from box_scores

),

final as (

    select
        marked.player_game_id,
        marked.player_id,
        marked.game_id,
        marked.team_id,
        team_games.opponent_team_id,
        team_games.game_date,
        team_games.tipoff_at,
        team_games.season,
        team_games.season_type,
        team_games.is_home,
        marked.start_position,
        marked.is_starter,
        marked.has_played,
        marked.dnp_reason,
        case when marked.has_played then marked.seconds_played end as seconds_played,
        {% for count in box_counts() -%}
            case when marked.has_played then marked.{{ count.name }} end as {{ count.name }},
        {% endfor -%}
        case when marked.has_played then marked.plus_minus end as plus_minus,
        case when marked.has_played then zones.paint_fga end as paint_fga,
        case when marked.has_played then zones.paint_fgm end as paint_fgm,
        case when marked.has_played then zones.mid_range_fga end as mid_range_fga,
        case when marked.has_played then zones.mid_range_fgm end as mid_range_fgm,
        case when marked.has_played then zones.three_fga end as three_fga,
        case when marked.has_played then zones.three_fgm end as three_fgm,
        team_games.fga as team_fga,
        team_games.fta as team_fta,
        team_games.tov as team_tov,
        team_games.team_seconds,
        team_games.overtime_periods,
        marked.has_exact_seconds,
        team_games.is_countable,
        team_games.is_partial,
        games.result_known_at,
        marked.source,
        marked.quality_score,
        marked.quality_issues,
        {{ greatest_known([
            'marked.source_load_id', 'team_games.source_load_id', 'zones.source_load_id'
        ]) }} as source_load_id,
        {{ greatest_known(['marked.loaded_at', 'team_games.loaded_at', 'zones.loaded_at']) }}
            as loaded_at
    from marked
    inner join team_games
        on
            marked.game_id = team_games.game_id
            and marked.team_id = team_games.team_id
    inner join games
        on marked.game_id = games.game_id
    left join zones
        on
            marked.game_id = zones.game_id
            and marked.player_id = zones.player_id

)

select * from final
