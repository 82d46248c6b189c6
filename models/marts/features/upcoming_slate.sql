{{ config(materialized='view') }}

-- Tonight's questions: every slate player of the games that have not tipped off at as_of, and why one is not forecast.
-- depends_on: {{ ref('gate_features') }}
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }}

),

latest_news as (

    -- Whoever is known to be out by now is not forecast, whatever the information set of the row.
    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }} and information_set = 'LINE'

),

quality as (

    select * from {{ ref('feature_quality') }}
    where {{ every_game_date() }}

),

final as (

    select
        features.*,
        quality.quality_score,
        quality.quality_issues,
        latest_news.injury_status,
        case
            when latest_news.injury_status = 'out' then 'PLAYER_OUT'
            when features.career_games is null then 'NO_HISTORY'
            when quality.quality_tier = 'unusable' then 'UNUSABLE_INPUTS'
        end as skip_reason
    from features
    left join quality
        on features.feature_row_id = quality.feature_row_id
    left join latest_news
        on
            features.player_id = latest_news.player_id
            and features.game_id = latest_news.game_id
    where
        features.game_date = {{ slate_date() }}
        and features.tipoff_at > {{ as_of() }}

)

select * from final
