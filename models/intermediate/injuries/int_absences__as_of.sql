-- Who of a side is ruled out or doubtful before the cut, and what he leaves behind.
-- Without any report in the week before, nothing is known: no row, hence null and not zero.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

sides as (

    select * from {{ ref('int_team_questions__sides') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__as_of') }}

),

reports as (

    select
        status_id,
        known_at,
        'all' as feed
    from {{ ref('int_injury_statuses__resolved') }}
    where known_at is not null

),

asked as (

    select
        question_id,
        cut_off_at,
        'all' as feed
    from {{ ref('int_games__to_build') }}

),

answers as {{ latest_known(
    facts='reports', questions='asked', key='feed', fact_at='known_at',
    question_at='cut_off_at', fact_id='status_id', question_id='question_id'
) }},

covered as (

    select answers.question_id
    from answers
    inner join reports
        on answers.status_id = reports.status_id
    inner join asked
        on answers.question_id = asked.question_id
    where {{ minutes_between('reports.known_at', 'asked.cut_off_at') }} <= 7 * 24 * 60

),

last_games as (

    select * from {{ ref('int_player_form__as_of') }}

),

form as (

    select * from {{ ref('int_player_form__windows') }}

),

absent as (

    select
        slate.question_id,
        slate.team_id,
        statuses.severity,
        {{ safe_divide('form.pts_season', 'form.games_season') }} as points_avg,
        {{ safe_divide('form.seconds_season', '60 * form.games_season') }} as minutes_avg,
        form.games_season,
        cast(round({{ safe_divide('form.seconds_10', 'form.games_10') }}) as {{ dbt.type_bigint() }})
            as usual_seconds,
        cast(round({{ safe_divide('form.used_10', 'form.games_10') }}) as {{ dbt.type_bigint() }})
            as usual_used_x100
    from slate
    inner join statuses
        on slate.player_question_id = statuses.player_question_id
    left join last_games
        on slate.player_game_id = last_games.player_game_id
    left join form
        on last_games.last_player_game_id = form.player_game_id

),

final as (

    select
        sides.team_question_id,
        count(case when absent.severity >= 3 then 1 end) as players_out,
        count(case when absent.severity = 2 then 1 end) as players_questionable,
        count(
            case
                when
                    absent.severity >= 3
                    and absent.games_season >= 10
                    and (
                        absent.points_avg >= 18
                        or (absent.minutes_avg >= 28 and absent.points_avg >= 12)
                    )
                    then 1
            end
        ) as stars_out,
        coalesce(sum(case when absent.severity >= 3 then absent.usual_seconds end), 0) as seconds_out,
        coalesce(sum(case when absent.severity >= 3 then absent.usual_used_x100 end), 0)
            as used_possessions_x100_out
    from sides
    inner join covered
        on sides.question_id = covered.question_id
    left join absent
        on
            sides.question_id = absent.question_id
            and sides.team_id = absent.team_id
    group by sides.team_question_id

)

select * from final
