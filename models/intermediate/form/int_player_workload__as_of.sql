-- Games and minutes of the two weeks before each slate game, of what was known before the cut.
with slate as (

    select * from {{ ref('int_slate_player_games__distinct') }}

),

played as (

    select
        player_id,
        game_date,
        seconds_played,
        result_known_at,
        lag(game_date) over (partition by player_id order by tipoff_at asc, game_id asc)
            as previous_game_date
    from {{ ref('player_game_summary') }}
    -- A day more than two weeks: the first of those games may be a second night.
    where
        {{ game_dates_to_build(days_before=15) }}
        and has_played
        and season_type != 'All-Star'

),

matched as (

    select
        slate.player_game_id,
        played.seconds_played,
        {{ days_between('played.game_date', 'slate.game_date') }} as days_ago,
        coalesce(
            {{ days_between('played.previous_game_date', 'played.game_date') }} = 1, false
        ) as is_second_night
    from slate
    inner join played
        on
            slate.player_id = played.player_id
            and played.game_date >= {{ add_days('slate.game_date', -14) }}
            and {{ known_before('played.result_known_at', 'slate.cut_off_at', 'slate.tipoff_at') }}

),

final as (

    select
        player_game_id,
        count(case when days_ago <= 7 then 1 end) as games_in_last_7_days,
        count(*) as games_in_last_14_days,
        coalesce({{ integer_sum('case when days_ago <= 7 then seconds_played end') }}, 0)
            as seconds_in_last_7_days,
        {{ integer_sum('seconds_played') }} as seconds_in_last_14_days,
        count(case when is_second_night then 1 end) as back_to_backs_last_14_days
    from matched
    group by player_game_id

)

select * from final
