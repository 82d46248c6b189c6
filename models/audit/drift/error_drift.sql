-- The error of what was published in the last 7 and 28 days beside that of the season before them, in standard errors.
with accuracy as (

    select
        run_mode,
        market,
        game_id,
        cast(round(1000 * abs(error)) as {{ dbt.type_bigint() }}) as thousandths
    from {{ ref('prediction_accuracy') }}
    where grade = 'graded' and system = '{{ var("published_system") }}'

),

games as (

    select * from {{ ref('games') }}

),

last_days as (

    select
        accuracy.run_mode,
        max(games.game_date) as last_date
    from accuracy
    inner join games
        on accuracy.game_id = games.game_id
    group by accuracy.run_mode

),

dates as (

    select
        game_date,
        max(season) as season
    from games
    group by game_date

),

windows as (

    {% for days in [7, 28] -%}
        select
            last_days.run_mode,
            {{ days }} as days,
            last_days.last_date,
            {{ add_days('last_days.last_date', -(days - 1)) }} as first_date,
            dates.season
        from last_days
        inner join dates
            on last_days.last_date = dates.game_date
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    select
        windows.run_mode,
        accuracy.market,
        windows.days,
        windows.last_date,
        {% for name, condition in [
            ('recent', 'games.game_date >= windows.first_date'),
            ('season', 'games.game_date < windows.first_date'),
        ] -%}
            count(case when {{ condition }} then 1 end) as {{ name }}_rows,
            {{ integer_sum('case when ' ~ condition ~ ' then accuracy.thousandths else 0 end') }}
                as {{ name }}_sum,
        {% endfor -%}
        {{ integer_sum(
            'case when games.game_date < windows.first_date'
            ~ ' then accuracy.thousandths * accuracy.thousandths else 0 end'
        ) }} as season_squares
    from accuracy
    inner join games
        on accuracy.game_id = games.game_id
    inner join windows
        on
            accuracy.run_mode = windows.run_mode
            and games.season = windows.season
    group by windows.run_mode, accuracy.market, windows.days, windows.last_date

),

measured as (

    select
        *,
        {{ safe_divide('recent_sum', '1000 * recent_rows') }} as recent_mean_absolute_error,
        {{ safe_divide('season_sum', '1000 * season_rows') }} as season_mean_absolute_error,
        sqrt({{ greatest_known([
            safe_divide('season_squares', '1000000 * season_rows')
            ~ ' - ' ~ safe_divide('season_sum', '1000 * season_rows')
            ~ ' * ' ~ safe_divide('season_sum', '1000 * season_rows'), '0.0'
        ]) }}) as season_std
    from summed

),

final as (

    select
        {{ row_id(['run_mode', 'market', to_text('days')]) }} as error_drift_id,
        run_mode,
        market,
        days,
        last_date,
        recent_rows,
        season_rows,
        recent_mean_absolute_error,
        season_mean_absolute_error,
        case
            when
                recent_rows >= {{ var('drift_min_rows') }}
                and season_rows >= {{ var('drift_min_rows') }}
                then
                    (recent_mean_absolute_error - season_mean_absolute_error)
                    / nullif(season_std / sqrt(recent_rows), 0)
        end as z_score
    from measured

)

select * from final
