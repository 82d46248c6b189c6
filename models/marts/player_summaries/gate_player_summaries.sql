-- Enough player rows a team, and a usage rate for everyone who played: measured a game date.
with players as (

    select * from {{ ref('player_game_summary') }}
    where {{ every_game_date() }} and season_type != 'All-Star'

),

teams as (

    select
        game_date,
        game_id,
        team_id,
        count(*) as listed_players,
        count(seconds_played) as players_who_played,
        count(usage_rate) as usage_rates
    from players
    group by game_date, game_id, team_id

),

final as (

    select
        'fewest listed players of a team' as metric,
        game_date,
        cast(min(listed_players) as {{ type_double() }}) as value,
        cast(8 as {{ type_double() }}) as threshold
    from teams
    group by game_date
    union all
    select
        'usage rates of players who played' as metric,
        game_date,
        cast(sum(usage_rates) as {{ type_double() }}) as value,
        cast(sum(players_who_played) as {{ type_double() }}) as threshold
    from teams
    group by game_date

)

select
    {{ row_id(["'player_summaries'", 'metric', 'game_date']) }} as gate_row_id,
    'player_summaries' as layer,
    *
from final
