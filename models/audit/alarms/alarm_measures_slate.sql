{{ config(materialized='view') }}

-- What each live slate got: players with a line who are predicted, predictions at all, lines in the features.
with runs as (

    select
        run_id,
        as_of,
        game_date_from as game_date,
        coalesce(finished_at, started_at) as told_at
    from {{ ref('stg_runs__runs') }}
    where run_mode = 'live' and command = 'daily' and status = 'completed'

),

slates as (

    select
        game_date,
        max(as_of) as as_of,
        max(told_at) as told_at
    from runs
    group by game_date

),

coverage as (

    select
        game_date,
        count(case when reason in ('PREDICTED', 'PLAYER_OUT') then 1 end) as served,
        count(*) as players
    from {{ ref('prediction_coverage') }}
    where has_prop_line
    group by game_date

),

to_come as (

    -- Games that were still to come when a run of theirs spoke.
    select
        runs.game_date,
        count(distinct games.game_id) as games
    from runs
    inner join {{ ref('games') }} as games
        on
            runs.game_date = games.game_date
            and runs.as_of < games.tipoff_at
    where games.is_franchise_game and games.status != 'postponed'
    group by runs.game_date

),

quoted as (

    select
        quotes.game_date,
        count(distinct quotes.player_id) as players
    from {{ ref('int_prop_quotes__paired') }} as quotes
    inner join slates
        on
            quotes.game_date = slates.game_date
            and quotes.known_at < slates.as_of
    where {{ every_game_date('quotes.game_date') }} and quotes.player_id is not null
    group by quotes.game_date

),

forecasts as (

    select
        runs.game_date,
        {{ count_forecasts('made') }} as forecasts
    from {{ ref('stg_forecasts__forecasts') }} as made
    inner join runs
        on made.run_id = runs.run_id
    group by runs.game_date

),

features as (

    select
        game_date,
        count(*) as feature_rows,
        count(case when has_prop_line then 1 end) as with_line
    from {{ ref('ml_feature_store') }}
    where {{ every_game_date() }} and information_set = 'LINE'
    group by game_date

),

final as (

    select
        'coverage' as measure,
        'slate' as cause,
        slates.game_date as day,
        slates.told_at as since,
        {{ safe_divide('coverage.served', 'coverage.players') }} as value,
        {{ to_text('coverage.served') }} || ' of ' || {{ to_text('coverage.players') }}
        || ' players with a line are predicted or known to be out' as message
    from slates
    inner join coverage
        on slates.game_date = coverage.game_date
    union all
    select
        'predictions_of_a_slate' as measure,
        'slate' as cause,
        slates.game_date as day,
        slates.told_at as since,
        cast(coalesce(forecasts.forecasts, 0) as {{ type_double() }}) as value,
        {{ to_text('to_come.games') }} || ' games were to come, '
        || {{ to_text('quoted.players') }} || ' players have a line' as message
    from slates
    inner join to_come
        on slates.game_date = to_come.game_date
    inner join quoted
        on slates.game_date = quoted.game_date
    left join forecasts
        on slates.game_date = forecasts.game_date
    union all
    select
        'feature_rows_with_line' as measure,
        'slate' as cause,
        slates.game_date as day,
        slates.told_at as since,
        cast(features.with_line as {{ type_double() }}) as value,
        'none of ' || {{ to_text('features.feature_rows') }} || ' feature rows has a line, '
        || {{ to_text('quoted.players') }} || ' players have one' as message
    from slates
    inner join features
        on slates.game_date = features.game_date
    inner join quoted
        on slates.game_date = quoted.game_date

)

select
    {{ row_id(['measure', 'cause', 'day']) }} as alarm_measure_id,
    *
from final
