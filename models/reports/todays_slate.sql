-- Tonight at a glance: each market of each slate player with our number beside the books', and who has none and why.
-- depends_on: {{ ref('gate_predictions') }}
with coverage as (

    select * from {{ ref('prediction_coverage') }}

),

predictions as (

    select * from {{ ref('active_player_prop_predictions') }}
    where run_mode = '{{ var("run_mode") }}' and system = '{{ var("published_system") }}'

),

players as (

    select * from {{ ref('players') }}

),

teams as (

    select * from {{ ref('teams') }}

),

games as (

    select * from {{ ref('games') }}

),

final as (

    select
        {{ row_id(['coverage.coverage_id', 'predictions.run_mode', 'predictions.market']) }}
            as slate_row_id,
        coverage.game_date,
        games.tipoff_at,
        coverage.player_id,
        coalesce(players.player_name, coverage.quoted_name) as player_name,
        teams.abbreviation as team_abbreviation,
        opponents.abbreviation as opponent_abbreviation,
        coverage.team_id = games.home_team_id as is_home,
        predictions.forecast_id,
        predictions.run_mode,
        predictions.as_of,
        predictions.information_set,
        predictions.market,
        predictions.line,
        predictions.over_price_american,
        predictions.under_price_american,
        case predictions.recommendation
            when 'UNDER' then predictions.best_under_bookmaker
            else predictions.best_over_bookmaker
        end as bookmaker,
        predictions.books,
        predictions.predicted_value,
        predictions.quantile_10,
        predictions.quantile_50,
        predictions.quantile_90,
        predictions.probability_over,
        predictions.market_over_probability,
        predictions.edge,
        predictions.recommendation,
        predictions.confidence,
        predictions.quality_tier,
        predictions.quality_issues,
        coverage.reason
    from coverage
    inner join games
        on coverage.game_id = games.game_id
    left join predictions
        on
            coverage.game_id = predictions.game_id
            and coverage.player_id = predictions.player_id
            and coverage.reason = 'PREDICTED'
    left join players
        on coverage.player_id = players.player_id
    left join teams
        on coverage.team_id = teams.team_id
    left join teams as opponents
        on
            case coverage.team_id
                when games.home_team_id then games.away_team_id
                when games.away_team_id then games.home_team_id
            end = opponents.team_id

)

select * from final
