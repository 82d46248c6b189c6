-- Why a usage rate is not known, a row a season and reason. A null is never filled in.
select
    season,
    case
        when not has_played then 'did not play'
        when is_partial then 'box score not complete yet'
        when coalesce(seconds_played, 0) = 0 then 'played, without a second on the clock'
        when coalesce(team_used_possessions_x100, 0) = 0 then 'no possessions of the team'
        when fga is null or fta is null or tov is null then 'no shots or turnovers told'
        else 'not explained'
    end as reason,
    count(*) as box_scores,
    count(distinct player_id) as players,
    min(game_date) as first_date,
    max(game_date) as last_date
from {{ ref('player_game_summary') }}
where usage_rate is null and {{ every_game_date() }}
group by season, reason
order by season desc, box_scores desc, reason asc
