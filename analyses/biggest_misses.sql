-- Where we were furthest off, and what came in between: minutes first, then shots, then the rest.
with accuracy as (

    select * from {{ ref('prediction_accuracy') }}
    where grade = 'graded' and system = '{{ var("published_system") }}'

),

results as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }}

),

form as (

    select * from {{ ref('player_daily_cache') }}
    where {{ every_game_date() }}

),

players as (

    select * from {{ ref('players') }}

),

beside_form as (

    select
        accuracy.game_date,
        players.player_name,
        accuracy.market,
        accuracy.predicted_value,
        accuracy.line,
        accuracy.actual_value,
        accuracy.error,
        results.overtime_periods,
        form.minutes_avg_last_10 as usual_minutes,
        form.fga_avg_last_10 as usual_shots,
        results.fga as shots,
        {{ safe_divide('results.seconds_played', '60') }} as minutes
    from accuracy
    inner join results
        on
            accuracy.player_id = results.player_id
            and accuracy.game_id = results.game_id
    inner join players
        on accuracy.player_id = players.player_id
    left join form
        on results.player_game_id = form.player_game_id

)

select
    game_date,
    player_name,
    market,
    round(predicted_value, 1) as predicted_value,
    line,
    actual_value,
    round(error, 1) as error,
    round(minutes, 1) as minutes,
    round(usual_minutes, 1) as usual_minutes,
    shots,
    round(usual_shots, 1) as usual_shots,
    case
        when usual_minutes is null then 'no form to compare with'
        when error < 0 and minutes < 0.75 * usual_minutes then 'played much less'
        when error > 0 and overtime_periods > 0 then 'overtime'
        when error > 0 and minutes > 1.25 * usual_minutes then 'played much more'
        when error < 0 and shots < 0.6 * usual_shots then 'shot much less'
        when error > 0 and shots > 1.4 * usual_shots then 'shot much more'
        else 'minutes and shots as usual'
    end as reason
from beside_form
order by abs(error) desc, player_name asc, market asc
