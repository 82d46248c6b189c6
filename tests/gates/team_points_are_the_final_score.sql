{{ config(severity='warn') }}

-- A box score that is not complete yet. It warns: one late game must not stop the others.
select
    team_games.team_game_id,
    team_games.game_date,
    team_games.pts
from {{ ref('team_offense_game_summary') }} as team_games
inner join {{ ref('games') }} as games
    on team_games.game_id = games.game_id
where
    team_games.pts is distinct from
    case when team_games.is_home then games.home_score else games.away_score end
