-- Every game a player was listed for, played or not, with how often the last ten found him on the bench.
with listings as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and season_type != 'All-Star'

),

team_games as (

    select * from {{ ref('int_team_games__scheduled') }}

),

final as (

    select
        listings.player_game_id as listing_id,
        listings.player_id,
        listings.game_id,
        listings.team_id,
        listings.game_date,
        team_games.team_game_number,
        team_games.season,
        listings.has_played,
        case when listings.has_played then listings.seconds_played else 0 end as seconds_played,
        listings.is_starter,
        count(*) over last_10 as listed_10,
        {{ integer_sum('case when listings.has_played then 0 else 1 end', 'last_10') }}
            as not_played_10,
        listings.result_known_at as known_at,
        listings.source_load_id,
        listings.loaded_at
    from listings
    inner join team_games
        on
            listings.team_id = team_games.team_id
            and listings.game_id = team_games.game_id
    window last_10 as (
        partition by listings.player_id
        order by listings.tipoff_at asc, listings.game_id asc
        rows between 9 preceding and current row
    )

)

select * from final
