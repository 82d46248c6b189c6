-- Who gains when a regular is out: each team-mate with and without him, within his time with the team.
-- dbt show --select who_gains --vars 'player: <player_id>'; without the variable, of everybody.
with played as (

    select
        player_id,
        team_id,
        season,
        game_id,
        game_date,
        pts,
        seconds_played
    from {{ ref('player_game_summary') }}
    where has_played and is_countable and not is_partial and {{ every_game_date() }}

),

players as (

    select * from {{ ref('players') }}

),

regulars as (

    select
        player_id,
        team_id,
        season,
        min(game_date) as first_date,
        max(game_date) as last_date
    from played
    {% if var('player', none) is not none -%}
        where player_id = '{{ var("player") }}'
    {% endif -%}
    group by player_id, team_id, season
    -- 24 minutes a game over ten games
    having count(*) >= 10 and sum(seconds_played) >= 1440 * count(*)

),

compared as (

    select
        regulars.player_id as absent_player_id,
        mates.player_id,
        count(own.player_id) as games_with,
        count(case when own.player_id is null then 1 end) as games_without,
        sum(case when own.player_id is not null then mates.pts end) as points_with,
        sum(case when own.player_id is null then mates.pts end) as points_without,
        sum(case when own.player_id is not null then mates.seconds_played end) as seconds_with,
        sum(case when own.player_id is null then mates.seconds_played end) as seconds_without
    from regulars
    inner join played as mates
        on
            regulars.team_id = mates.team_id
            and regulars.season = mates.season
            and regulars.player_id != mates.player_id
            and mates.game_date between regulars.first_date and regulars.last_date
    left join played as own
        on
            regulars.player_id = own.player_id
            and mates.game_id = own.game_id
    group by regulars.player_id, mates.player_id

),

per_game as (

    select
        absent_player_id,
        player_id,
        games_without,
        games_with,
        {{ safe_divide('seconds_without', '60 * games_without') }} as minutes_without,
        {{ safe_divide('seconds_with', '60 * games_with') }} as minutes_with,
        {{ safe_divide('points_without', 'games_without') }} as points_without,
        {{ safe_divide('points_with', 'games_with') }} as points_with
    from compared
    where games_without >= 3 and games_with >= 3

)

select
    absent.player_name as without_player,
    players.player_name as gains,
    per_game.games_without,
    per_game.games_with,
    round(per_game.minutes_without - per_game.minutes_with, 1) as minutes_more,
    round(per_game.points_without, 1) as points_without,
    round(per_game.points_with, 1) as points_with,
    round(per_game.points_without - per_game.points_with, 1) as points_more
from per_game
inner join players
    on per_game.player_id = players.player_id
inner join players as absent
    on per_game.absent_player_id = absent.player_id
order by points_more desc, absent.player_name asc, players.player_name asc
