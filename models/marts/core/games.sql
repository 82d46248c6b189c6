-- depends_on: {{ ref('gate_raw') }}
with games as (

    select * from {{ ref('int_games__unioned') }}

),

final as (

    select
        game_id,
        season,
        season_type,
        game_date,
        tipoff_at,
        tipoff_basis,
        home_team_id,
        away_team_id,
        status,
        home_score,
        away_score,
        overtime_periods,
        status = 'final' as is_final,
        -- Cup finals and All-Star games enter no average.
        is_franchise_game and season_type in ('Regular Season', 'Play-In', 'Playoffs')
            as is_countable,
        is_franchise_game,
        case
            when status = 'final' then {{ add_minutes('tipoff_at', var('game_duration_minutes')) }}
        end as result_known_at,
        source,
        source_load_id,
        loaded_at
    from games

)

select * from final
