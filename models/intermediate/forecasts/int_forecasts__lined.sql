{{ config(
    post_hook="{{ drop_vanished_dates(ref('int_forecasts__inputs')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

{% set is_changed = rebuild_changed(
    ref('int_forecasts__inputs'), 'forecast_id', also=['model_version']
) %}
-- Each forecast beside the consensus line and the best prices that stood when it was made.
with forecasts as (

    select * from {{ ref('int_forecasts__inputs') }}
    where {{ is_changed }}

),

questions as (

    select distinct
        {{ row_id(['run_id', 'game_id']) }} as question_id,
        game_id,
        as_of as cut_off_at,
        tipoff_at
    from forecasts

),

quotes as (

    select * from {{ ref('int_prop_quotes__paired') }}
    where
        {{ is_changed }}
        and player_id is not null
        and game_id is not null

),

{{ prop_line_consensus('questions', 'quotes') }},

final as (

    select
        forecasts.*,
        consensus.line,
        consensus.opening_line,
        consensus.books,
        consensus.over_probability as market_over_probability,
        consensus.best_over_price as over_price_american,
        consensus.best_under_price as under_price_american,
        consensus.best_over_bookmaker,
        consensus.best_under_bookmaker,
        consensus.known_at as line_known_at
    from forecasts
    left join consensus
        on
            {{ row_id(['forecasts.run_id', 'forecasts.game_id']) }} = consensus.question_id
            and forecasts.player_id = consensus.player_id
            and forecasts.market = consensus.market

)

select * from final
