-- Who of a side is ruled out or doubtful before the cut, and what he leaves behind.
-- Without any report in the week before, nothing is known: no row, hence null and not zero.
with sides as (

    select * from {{ ref('int_team_questions__sides') }}

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

roles as (

    select * from {{ ref('int_player_roles__as_of') }}

),

absent as {{ absence_sides('roles') }},

final as (

    select
        sides.team_question_id,
        sides.question_id,
        sides.team_id,
        coalesce(absent.players_out, 0) as players_out,
        coalesce(absent.players_questionable, 0) as players_questionable,
        coalesce(absent.stars_out, 0) as stars_out,
        coalesce(absent.seconds_out, 0) as seconds_out,
        coalesce(absent.used_possessions_x100_out, 0) as used_possessions_x100_out,
        {% for market in markets() -%}
            absent.available_{{ market.name }}_x100,
        {% endfor -%}
        absent.available_seconds
    from sides
    inner join covered
        on sides.question_id = covered.question_id
    left join absent
        on
            sides.question_id = absent.question_id
            and sides.team_id = absent.team_id

)

select * from final
