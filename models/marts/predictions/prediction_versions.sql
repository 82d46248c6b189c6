{{ config(materialized='view') }}

-- What was said of a player and market, version by version: from when to when it stood, and what made the next one.
with predictions as (

    select * from {{ ref('player_prop_predictions') }}
    where {{ every_game_date() }}

),

runs as (

    select * from {{ ref('stg_runs__runs') }}

),

{{ predictions_by_version('predictions') }},

final as (

    select
        ranked.forecast_id,
        ranked.run_mode,
        ranked.system,
        ranked.player_id,
        ranked.game_id,
        ranked.game_date,
        ranked.tipoff_at,
        ranked.market,
        ranked.version,
        ranked.made_at as valid_from,
        ranked.next_made_at as superseded_at,
        ranked.recency = 1 as is_active,
        ranked.information_set,
        ranked.model_version,
        ranked.predicted_value,
        ranked.line,
        ranked.probability_over,
        ranked.recommendation,
        ranked.stake_share,
        ranked.run_id,
        runs.command,
        runs.trigger,
        runs.caused_by
    from ranked
    left join runs
        on ranked.run_id = runs.run_id

)

select * from final
