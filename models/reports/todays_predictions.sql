-- Tonight's predictions in full: what the slate shows of each, and what stands behind it.
-- depends_on: {{ ref('gate_predictions') }}
with predictions as (

    select * from {{ ref('active_player_prop_predictions') }}
    where
        game_date = {{ slate_date() }}
        and run_mode = '{{ var("run_mode") }}'
        and system = '{{ var("published_system") }}'

),

players as (

    select * from {{ ref('players') }}

),

games as (

    select * from {{ ref('games') }}

),

teams as (

    select * from {{ ref('teams') }}

),

final as (

    select
        predictions.forecast_id,
        predictions.run_id,
        predictions.run_mode,
        predictions.system,
        predictions.model_version,
        predictions.as_of,
        predictions.made_at,
        predictions.information_set,
        predictions.game_id,
        predictions.game_date,
        predictions.tipoff_at,
        home_teams.abbreviation as home_team_abbreviation,
        away_teams.abbreviation as away_team_abbreviation,
        predictions.player_id,
        players.player_name,
        predictions.market,
        predictions.predicted_value,
        predictions.predicted_variance,
        predictions.quantile_10,
        predictions.quantile_25,
        predictions.quantile_50,
        predictions.quantile_75,
        predictions.quantile_90,
        predictions.line,
        predictions.opening_line,
        predictions.line_known_at,
        predictions.books,
        predictions.over_price_american,
        predictions.best_over_bookmaker,
        predictions.under_price_american,
        predictions.best_under_bookmaker,
        predictions.market_over_probability,
        predictions.model_probability_over,
        predictions.model_probability_push,
        predictions.model_probability_under,
        predictions.calibration_weight,
        predictions.probability_over,
        predictions.probability_push,
        predictions.probability_under,
        predictions.over_expected_value,
        predictions.under_expected_value,
        predictions.edge,
        predictions.recommendation,
        predictions.stake_share,
        predictions.confidence,
        predictions.quality_score,
        predictions.quality_tier,
        predictions.quality_issues
    from predictions
    inner join players
        on predictions.player_id = players.player_id
    inner join games
        on predictions.game_id = games.game_id
    inner join teams as home_teams
        on games.home_team_id = home_teams.team_id
    inner join teams as away_teams
        on games.away_team_id = away_teams.team_id

)

select * from final
