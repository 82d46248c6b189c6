{{ config(materialized='view') }}

-- What happened beside what was said of it: the last forecast of each information set before tip-off, the books' view of its
-- line, and the side that came in. Nothing of a push, of who did not play, or of a game that is not complete.
with measured as (

    select * from {{ ref('int_forecasts__measured') }}
    where {{ every_game_date() }}

),

games as (

    select * from {{ ref('games') }}
    where is_final

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and has_played

),

partial_games as (

    select distinct game_id from {{ ref('team_offense_game_summary') }}
    where is_partial

),

-- The game date is told too, so that readers of one date need not look at all of them.
{{ predictions_by_version('measured', also=['information_set', 'game_date']) }},

answered as (

    select
        ranked.*,
        case ranked.market
            {% for market in all_markets() -%}
                when '{{ market.name }}' then {{ market_value(market, 'results') }}
            {% endfor -%}
        end as actual_value
    from ranked
    inner join games
        on ranked.game_id = games.game_id
    inner join results
        on
            ranked.game_id = results.game_id
            and ranked.player_id = results.player_id
    left join partial_games
        on ranked.game_id = partial_games.game_id
    where ranked.recency = 1 and partial_games.game_id is null

),

final as (

    select
        forecast_id,
        run_mode,
        system,
        market,
        information_set,
        player_id,
        game_id,
        game_date,
        line,
        actual_value,
        {{ given_no_push('probability_over', 'probability_under') }} as model_over_probability,
        market_over_probability,
        actual_value > line as is_over
    from answered
    where
        probability_over is not null
        and market_over_probability is not null
        and actual_value != line

)

select * from final
