{{ config(materialized='view') }}

-- Every date of the calendar, from the first game that a source lists to the last that is due, with its games.
with members as (

    select * from {{ ref('int_games__members') }}

),

staged as (

    select
        games.game_date,
        games.season,
        members.member_id is null as is_unbuilt
    from {{ ref('int_sources__games') }} as games
    left join members
        on
            games.source = members.source
            and games.source_game_id = members.source_game_id
    where games.status != 'postponed'

),

listed as (

    select
        game_date,
        max(season) as season,
        count(*) as listed_games,
        count(case when is_unbuilt then 1 end) as unbuilt_games
    from staged
    group by game_date

),

present as (

    select
        {{ eastern_date('max(as_of)') }} as today,
        max(case when command = 'daily' and run_mode = 'live' then game_date_to end)
            as last_asked
    from {{ ref('stg_runs__runs') }}

),

bounds as (

    select
        min(listed.game_date) as first_date,
        -- a calendar ends today, and not before the last slate that was asked for
        {{ greatest_known([
            'max(case when listed.game_date <= present.today or present.today is null'
            ~ ' then listed.game_date end)',
            'max(case when present.last_asked <= present.today then present.last_asked end)',
        ]) }} as last_date,
        max(present.today) as today
    from listed
    cross join present

),

calendar as (

    {{ every_date('bounds', 'first_date', 'last_date') }}

),

break_days as (

    select
        calendar.game_date,
        min(breaks.reason) as reason
    from calendar
    inner join {{ ref('league_breaks') }} as breaks
        on calendar.game_date between breaks.first_date and breaks.last_date
    group by calendar.game_date

),

neighbours as (

    select
        calendar.game_date,
        coalesce(listed.listed_games, 0) as listed_games,
        coalesce(listed.unbuilt_games, 0) as unbuilt_games,
        max(listed.game_date) over up_to as previous_date,
        min(listed.game_date) over onwards as next_date,
        max(listed.season) over up_to as previous_season,
        min(listed.season) over onwards as next_season
    from calendar
    left join listed
        on calendar.game_date = listed.game_date
    window
        up_to as (order by calendar.game_date rows between unbounded preceding and current row),
        onwards as (order by calendar.game_date rows between current row and unbounded following)

),

final as (

    select
        neighbours.game_date,
        neighbours.previous_season = neighbours.next_season
        or substr({{ to_text('neighbours.game_date') }}, 6, 2) in ('11', '12', '01', '02', '03')
            as is_in_season,
        neighbours.listed_games,
        neighbours.unbuilt_games,
        case
            when neighbours.listed_games = 0
                then {{ days_between(
                    'neighbours.previous_date',
                    'coalesce(neighbours.next_date, ' ~ add_days('bounds.last_date', 1) ~ ')'
                ) }} - 1
            else 0
        end as days_without_games,
        -- a week without games is the All-Star break at most, and that is in February
        case when substr({{ to_text('neighbours.previous_date') }}, 6, 2) = '02' then 8 else 7 end
            as longest_break,
        break_days.reason as break_reason,
        coalesce(neighbours.game_date <= {{ add_days('bounds.today', -2) }}, true) as is_due
    from neighbours
    cross join bounds
    left join break_days
        on neighbours.game_date = break_days.game_date

)

select * from final
