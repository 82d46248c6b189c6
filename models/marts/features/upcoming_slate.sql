{{ config(materialized='view') }}

-- Tonight's questions: every slate player of the games that have not tipped off at as_of, and why one is not forecast.
-- depends_on: {{ ref('gate_features') }}
with features as (

    select * from {{ ref('ml_feature_store') }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}

),

final as (

    select
        features.*,
        players.injury_status,
        case
            when players.injury_status = 'out' then 'PLAYER_OUT'
            when features.career_games is null then 'NO_HISTORY'
        end as skip_reason
    from features
    inner join players
        on features.feature_row_id = players.player_question_id
    where
        features.game_date = {{ slate_date() }}
        and features.tipoff_at > {{ as_of() }}

)

select * from final
