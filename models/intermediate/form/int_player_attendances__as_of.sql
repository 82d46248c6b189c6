-- How each slate player took part in his team's last five games of the season, as known in the morning: no report is needed.
with slate as (

    select * from {{ ref('int_slate_players__known') }}

),

mornings as (

    select * from {{ ref('int_games__to_build') }}
    where information_set = 'BASE'

),

listings as (

    select * from {{ ref('int_player_listings__windows') }}

),

asked as (

    select distinct
        slate.player_game_id,
        slate.player_id,
        slate.team_id,
        slate.team_game_number,
        mornings.season,
        mornings.cut_off_at,
        mornings.tipoff_at
    from slate
    inner join mornings
        on slate.game_id = mornings.game_id

),

final as (

    select
        {{ row_id(['asked.player_game_id', 'asked.team_id']) }} as attendance_id,
        asked.player_game_id,
        asked.team_id,
        max(
            case
                when listings.team_game_number = asked.team_game_number - 1
                    then listings.seconds_played
            end
        ) as last_seconds,
        {{ integer_sum('listings.seconds_played') }} as seconds_5,
        count(*) as listed_5,
        count(case when listings.has_played then 1 end) as played_5,
        case
            when count(listings.is_starter) > 0
                then count(case when listings.is_starter then 1 end)
        end as started_5
    from asked
    inner join listings
        on
            asked.player_id = listings.player_id
            and asked.team_id = listings.team_id
            and asked.season = listings.season
            and listings.team_game_number
            between asked.team_game_number - 5 and asked.team_game_number - 1
            and {{ known_before('listings.known_at', 'asked.cut_off_at', 'asked.tipoff_at') }}
    group by asked.player_game_id, asked.team_id

)

select * from final
