-- Who of each side played its last game and who missed it, in usual minutes: the next game is most like the last one.
-- Of a side whose last game of the season nobody is known of, nothing is known: null and not zero.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

roles as (

    select * from {{ ref('int_player_roles__as_of') }}

),

attendances as (

    select * from {{ ref('int_player_attendances__as_of') }}

),

players as (

    select
        roles.player_question_id,
        roles.question_id,
        roles.team_id,
        roles.recent_seconds,
        case when attendances.last_seconds > 0 then roles.recent_seconds end as present_seconds
    from roles
    inner join slate
        on roles.player_question_id = slate.player_question_id
    left join attendances
        on
            slate.player_game_id = attendances.player_game_id
            and slate.team_id = attendances.team_id

),

sides as (

    select
        players.*,
        {{ integer_sum('recent_seconds', 'side') }} as side_seconds,
        {{ integer_sum('present_seconds', 'side') }} as side_present_seconds
    from players
    window side as (partition by question_id, team_id)

),

final as (

    select
        player_question_id,
        {{ safe_divide('side_present_seconds', '60') }} as rotation_minutes_present,
        {{ safe_divide('side_seconds - side_present_seconds', '60') }} as rotation_minutes_missing,
        -- Who missed the last game comes on top of those who played it.
        {{ minutes_of_240(
            'recent_seconds',
            '(side_present_seconds + recent_seconds - coalesce(present_seconds, 0))'
        ) }} as rotation_minutes_normalised
    from sides

)

select * from final
