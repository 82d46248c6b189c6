-- Slate players ruled out, doubtful or questionable before the cut, and what each usually does.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__as_of') }}

),

last_games as (

    select * from {{ ref('int_player_form__as_of') }}

),

form as (

    -- Only what is asked for: the table is wide, and most of it is long past.
    select * from {{ ref('int_player_form__windows') }}
    where
        {{ every_game_date() }}
        and player_game_id in (select last_games.last_player_game_id from last_games)

),

absent as (

    select
        slate.player_question_id,
        slate.question_id,
        slate.team_id,
        statuses.severity,
        form.games_season,
        {{ safe_divide('form.pts_season', 'form.games_season') }} as points_avg,
        {{ safe_divide('form.seconds_season', '60 * form.games_season') }} as minutes_avg,
        cast(round({{ safe_divide(
            'form.seconds_10', 'form.games_10') }}) as {{ dbt.type_bigint(
        ) }})
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
    where statuses.severity >= 2

),

final as (

    select
        player_question_id,
        question_id,
        team_id,
        severity,
        case when severity >= 3 then 1 else 0 end as players_out,
        case when severity = 2 then 1 else 0 end as players_questionable,
        case
            when severity >= 3 and {{ is_star('games_season', 'points_avg', 'minutes_avg') }} then 1
            else 0
        end as stars_out,
        case when severity >= 3 then coalesce(usual_seconds, 0) else 0 end as seconds_out,
        case when severity >= 3 then coalesce(usual_used_x100, 0) else 0 end
            as used_possessions_x100_out
    from absent

)

select * from final
