-- The active prediction of every key against what happened: graded, void where the player did not play, pending before.
with predictions as (

    select * from {{ ref('active_player_prop_predictions') }}

),

games as (

    select * from {{ ref('games') }}

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}

),

closing_lines as (

    select * from {{ ref('int_prop_lines__closing') }}

),

partial_games as (

    select distinct game_id from {{ ref('team_offense_game_summary') }}
    where is_partial

),

joined as (

    select
        predictions.*,
        games.is_final and partial_games.game_id is null as is_complete,
        results.player_game_id is not null as is_listed,
        coalesce(results.has_played, false) as has_played,
        case predictions.market
            {% for market in all_markets() -%}
                when '{{ market.name }}' then {{ market_value(market, 'results') }}
            {% endfor -%}
        end as listed_value,
        closing_lines.line as last_line,
        closing_lines.over_probability as last_over_probability
    from predictions
    inner join games
        on predictions.game_id = games.game_id
    left join partial_games
        on predictions.game_id = partial_games.game_id
    left join results
        on
            predictions.game_id = results.game_id
            and predictions.player_id = results.player_id
    left join closing_lines
        on
            predictions.game_id = closing_lines.game_id
            and predictions.player_id = closing_lines.player_id
            and predictions.market = closing_lines.market

),

graded as (

    select
        *,
        case when is_complete then listed_value end as actual_value,
        case
            when not is_complete then 'pending'
            when has_played then 'graded'
            else 'void'
        end as grade,
        case
            when is_complete and not is_listed then 'not listed'
            when is_complete and not has_played then 'did not play'
        end as void_reason,
        {{ side_of_line('case when is_complete then listed_value end', 'line') }} as line_result,
        -- Until the game is over, the last line is not the closing one.
        case when is_complete then last_line end as closing_line,
        case when is_complete then last_over_probability end as closing_over_probability
    from joined

),

{{ scored_probabilities('graded') }},

final as (

    select
        forecast_id,
        run_id,
        run_mode,
        system,
        player_id,
        game_id,
        game_date,
        market,
        information_set,
        made_at,
        predicted_value,
        quantile_50,
        line,
        over_price_american,
        under_price_american,
        probability_over,
        market_over_probability,
        recommendation,
        stake_share,
        confidence,
        grade,
        void_reason,
        actual_value,
        line_result,
        actual_value - predicted_value as error,
        abs(actual_value - quantile_50) as absolute_error,
        abs(actual_value - line) as line_absolute_error,
        log_loss,
        model_log_loss,
        market_log_loss,
        brier_score,
        {{ bet_won('recommendation', 'line_result') }} as is_won,
        {{ bet_profit(
            'recommendation', 'line_result', 'over_price_american', 'under_price_american'
        ) }}
            as profit,
        closing_line,
        closing_over_probability,
        case
            when grade = 'graded'
                then {{ closing_line_value(
                    'recommendation', 'line', 'closing_line', 'closing_over_probability',
                    'over_price_american', 'under_price_american'
                ) }}
        end as closing_line_value
    from scored

)

select * from final
