{{ config(materialized='view') }}

-- The ensemble's forecasts: the weighted mean of its members' of one run, of those that are there; none without catboost.
with forecasts as (

    select * from {{ ref('stg_forecasts__forecasts') }}

),

systems as (

    select * from {{ ref('systems') }}
    where weight is not null

),

members as (

    -- In millionths, because a sum of doubles hangs on the order of its rows.
    select
        forecasts.run_id,
        forecasts.player_id,
        forecasts.game_id,
        forecasts.market,
        forecasts.information_set,
        forecasts.system,
        forecasts.model_version,
        forecasts.loaded_at,
        cast(round(1000 * systems.weight) as {{ dbt.type_bigint() }}) as weight_thousandths,
        cast(round(1000000 * forecasts.mean) as {{ dbt.type_bigint() }}) as mean_millionths,
        cast(round(1000000 * forecasts.variance) as {{ dbt.type_bigint() }}) as variance_millionths
    from forecasts
    inner join systems
        on forecasts.system = systems.system

),

weighted as (

    select
        run_id,
        player_id,
        game_id,
        market,
        information_set,
        sum(weight_thousandths * mean_millionths) as weighted_mean,
        sum(weight_thousandths * variance_millionths) as weighted_variance,
        sum(weight_thousandths) as weights,
        -- Another weight or another member's version is another version of the ensemble.
        {{ dbt.listagg(
            row_id(['system', 'weight_thousandths', 'model_version']), "'|'", 'order by system'
        ) }} as versions,
        max(loaded_at) as loaded_at
    from members
    group by run_id, player_id, game_id, market, information_set

),

final as (

    select
        {{ row_id([
            'forecasts.run_id', 'forecasts.player_id', 'forecasts.game_id', 'forecasts.market',
            'forecasts.information_set', "'ensemble'"
        ]) }} as forecast_id,
        forecasts.run_id,
        'ensemble' as system,
        forecasts.run_mode,
        forecasts.as_of,
        forecasts.created_at,
        forecasts.player_id,
        forecasts.game_id,
        forecasts.game_date,
        forecasts.information_set,
        forecasts.cut_off_at,
        forecasts.market,
        {{ dbt.hash('weighted.versions') }} as model_version,
        {{ safe_divide('weighted.weighted_mean', '1000000 * weighted.weights') }} as mean,
        {{ safe_divide('weighted.weighted_variance', '1000000 * weighted.weights') }} as variance,
        forecasts.quality_score,
        forecasts.quality_issues,
        forecasts.feature_source_load_id,
        forecasts.input_hash,
        forecasts.source_load_id,
        weighted.loaded_at
    from forecasts
    inner join weighted
        on
            forecasts.run_id = weighted.run_id
            and forecasts.player_id = weighted.player_id
            and forecasts.game_id = weighted.game_id
            and forecasts.market = weighted.market
            and forecasts.information_set = weighted.information_set
    where forecasts.system = 'catboost'

)

select * from final
