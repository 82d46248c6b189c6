-- Where today stands, in one row, also on a day without games: how much is played, covered, forecast and graded.
with games as (

    select
        count(*) as games,
        min(tipoff_at) as first_tipoff_at,
        max(tipoff_at) as last_tipoff_at
    from {{ ref('games') }}
    where game_date = {{ slate_date() }}

),

coverage as (

    select
        count(*) as players,
        count(case when reason = 'PREDICTED' then 1 end) as players_predicted,
        count(case when has_prop_line then 1 end) as players_with_a_line,
        count(case when has_prop_line and reason = 'PREDICTED' then 1 end)
            as players_with_a_line_predicted
    from {{ ref('prediction_coverage') }}

),

predictions as (

    select
        count(*) as predictions,
        count(line) as predictions_with_a_line,
        count(case when recommendation in ('OVER', 'UNDER') then 1 end) as recommendations,
        max(made_at) as latest_prediction_at
    from {{ ref('todays_predictions') }}

),

results as (

    select max(game_date) as results_to
    from {{ ref('prediction_accuracy') }}
    where grade = 'graded'

),

gates as (

    {% for layer in [
        'raw', 'core', 'team_summaries', 'player_summaries', 'context', 'features', 'predictions'
    ] -%}
        select status from {{ ref('gate_' ~ layer) }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {% endfor %}

),

judged as (

    select
        count(*) as gate_measures,
        count(case when status = 'warn' then 1 end) as gate_warnings,
        count(case when status = 'waived' then 1 end) as gates_waived
    from gates

),

final as (

    select
        {{ slate_date() }} as game_date,
        '{{ var("run_mode") }}' as run_mode,
        games.games,
        games.first_tipoff_at,
        games.last_tipoff_at,
        coverage.players,
        coverage.players_predicted,
        coverage.players_with_a_line,
        coverage.players_with_a_line_predicted,
        predictions.predictions,
        predictions.predictions_with_a_line,
        predictions.recommendations,
        predictions.latest_prediction_at,
        results.results_to,
        judged.gate_measures,
        judged.gate_warnings,
        judged.gates_waived
    from games
    cross join coverage
    cross join predictions
    cross join results
    cross join judged

)

select * from final
