"""Two invented teams that meet on thirteen evenings of January 2024, as raw rows of the archive.

Tip-off is at 19:00 Eastern. No evening is like another, for no player. Of every evening there is a
line of points from noon, and another one from an hour after tip-off.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb

from loaders.settings import Settings

DAY = date(2024, 1, 10)
CUT = datetime(2024, 1, 10, 22, 0, tzinfo=UTC)
LOAD = "1704067200.5"

ROWS = f"""
create temp table games as
select
    'g' || n as game_id,
    n,
    date '2024-01-01' + n::integer as game_date,
    timezone('America/New_York', date '2024-01-01' + n::integer + interval 19 hour) as tipoff
from range(13) as t(n);

create temp table players as
select
    p as player_id,
    repeat(chr(97 + p::integer), 3) || ' ' || repeat(chr(97 + p::integer), 4) as player_name,
    p < 10 as is_home,
    case when p < 10 then 1610612738 else 1610612755 end as team_id,
    case when p < 10 then 1610612755 else 1610612738 end as opponent_team_id
from range(20) as t(p);

insert into raw_archive._dlt_loads (load_id, schema_name, status, inserted_at)
values ('{LOAD}', 'archive', 0, to_timestamp({LOAD}));

insert into raw_archive.schedule by name
select
    '2023-24' as season, 'Regular Season' as season_type, game_id, game_date,
    tipoff as tipoff_utc, 1610612738 as home_team_id, 1610612755 as away_team_id,
    100 + n as home_pts, 90 + n as away_pts, '{LOAD}' as _dlt_load_id
from games;

insert into raw_archive.player_box by name
select
    '2023-24' as season, 'Regular Season' as season_type, game_id, game_date,
    player_id, player_name, team_id, opponent_team_id, is_home,
    player_id % 10 < 5 as is_starter, '24:00' as minutes,
    1200 + 20 * ((player_id * 3 + n * 7) % 13) as seconds_played,
    3 + (player_id * 7 + n * n) % 11 as fgm, 15 as fga, 1 as fg3m, 3 as fg3a, 1 as ftm,
    2 as fta, 1 as oreb, 3 as dreb, 4 as reb, 2 as ast, 1 as stl, 0 as blk, 1 as tov, 2 as pf,
    2 * fgm + 2 as pts, 0 as plus_minus, '{LOAD}' as _dlt_load_id
from games, players;

insert into raw_archive.team_box by name
select
    season, season_type, game_id, game_date, team_id, is_home, 240 as minutes,
    sum(fgm) as fgm, sum(fga) as fga, sum(fg3m) as fg3m, sum(fg3a) as fg3a, sum(ftm) as ftm,
    sum(fta) as fta, sum(oreb) as oreb, sum(dreb) as dreb, sum(reb) as reb, sum(ast) as ast,
    sum(stl) as stl, sum(blk) as blk, sum(tov) as tov, sum(pf) as pf, sum(pts) as pts,
    '{LOAD}' as _dlt_load_id
from raw_archive.player_box group by all;

insert into raw_archive.player_props by name
select
    game_id || '/' || player_id || '/' || side || '/' || hours as row_key, '2023-24' as season,
    game_date as snapshot_date, 'e' || game_id as event_id, tipoff as commence_time,
    'Boston Celtics' as home_team, 'Philadelphia 76ers' as away_team, 'book' as bookmaker,
    'player_points' as market, player_name, side, 9.5 + hours as point, -110 as price_american,
    tipoff + to_hours(hours::integer) as captured_at, '{LOAD}' as _dlt_load_id
from games, players, (values ('over'), ('under')) as sides(side), (values (-7), (1)) as h(hours);
"""


def fill(settings: Settings) -> None:
    """Enter the league into a world's raw tables."""
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(ROWS)
