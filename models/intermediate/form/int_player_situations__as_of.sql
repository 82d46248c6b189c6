-- How each slate player comes into a game, by what was known before the cut: rest, load, bench, and his own status.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

slate as (

    select * from {{ ref('int_slate_players__known') }}

),

last_games as (

    select * from {{ ref('int_player_form__as_of') }}

),

form as (

    select * from {{ ref('int_player_form__windows') }}
    where {{ every_game_date() }}

),

workload as (

    select * from {{ ref('int_player_workload__as_of') }}

),

listings as (

    select * from {{ ref('int_player_listings__as_of') }}

),

statuses as (

    select * from {{ ref('int_injury_statuses__as_of') }}

),

attendances as (

    select * from {{ ref('int_player_attendances__as_of') }}

),

rotations as (

    select * from {{ ref('int_player_rotations__as_of') }}

),

final as (

    select
        slate.player_question_id,
        slate.question_id,
        slate.team_id,
        last_games.last_player_game_id,
        {{ days_between('form.game_date', 'questions.game_date') }} as days_rest,
        coalesce(workload.games_in_last_7_days, 0) as games_in_last_7_days,
        coalesce(workload.games_in_last_14_days, 0) as games_in_last_14_days,
        {{ safe_divide('coalesce(workload.seconds_in_last_7_days, 0)', '60') }}
            as minutes_in_last_7_days,
        {{ safe_divide('coalesce(workload.seconds_in_last_14_days, 0)', '60') }}
            as minutes_in_last_14_days,
        coalesce(workload.back_to_backs_last_14_days, 0) as back_to_backs_last_14_days,
        case
            when listings.listed_10 >= 3 then
                {{ safe_divide('listings.not_played_10', 'listings.listed_10') }}
        end as dnp_rate_last_10,
        {{ safe_divide('attendances.last_seconds', '60') }} as minutes_last_team_game,
        {{ safe_divide('attendances.seconds_5', '60 * attendances.listed_5') }}
            as minutes_per_team_game_last_5,
        attendances.played_5 as team_games_played_last_5,
        attendances.started_5 as team_games_started_last_5,
        rotations.rotation_minutes_present,
        rotations.rotation_minutes_missing,
        rotations.rotation_minutes_normalised,
        statuses.status as injury_status,
        form.quality_10 as form_quality,
        {{ greatest_known(['form.result_known_at', 'statuses.known_at']) }} as known_at,
        {{ greatest_known(['form.source_load_id', 'statuses.source_load_id']) }} as source_load_id
    from slate
    inner join questions
        on slate.question_id = questions.question_id
    left join last_games
        on slate.player_game_id = last_games.player_game_id
    left join form
        on last_games.last_player_game_id = form.player_game_id
    left join workload
        on slate.player_game_id = workload.player_game_id
    left join listings
        on slate.player_game_id = listings.player_game_id
    left join attendances
        on
            slate.player_game_id = attendances.player_game_id
            and slate.team_id = attendances.team_id
    left join rotations
        on slate.player_question_id = rotations.player_question_id
    left join statuses
        on slate.player_question_id = statuses.player_question_id

)

select * from final
