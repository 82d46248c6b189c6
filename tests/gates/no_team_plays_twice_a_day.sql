-- On this ground no result of the day itself is a fact about its players; and a game of two sources
-- that were not recognised as one would show here.
select
    team_id,
    game_date,
    count(*) as games
from {{ ref('int_team_games__scheduled') }}
group by team_id, game_date
having count(*) > 1
