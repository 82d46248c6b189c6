-- Made-up night: games, people, cards. $players, $games, $markets and $labels are put in by made_up_night.py.
create table published.publication as select
    'run-1' as run_id, timestamptz '2026-01-16 22:00:00+00' as as_of, 'live' as run_mode,
    timestamptz '2026-01-16 22:03:00+00' as published_at;

create table reports.todays_games as
select
    'g' || i as game_id, date '2026-01-16' as game_date,
    timestamptz '2026-01-17 00:00:00+00' + interval (30 * (i % 6)) minute as tipoff_at,
    i = 0 as has_begun, 'H' || i as home_abbreviation, 'Home Town ' || i as home_name,
    'A' || i as away_abbreviation, 'Away City ' || i as away_name,
    0 as players, 0 as forecasts, 0 as lines, 0 as calls
from range($games) as games(i);

create table people as
select
    i as number, 'p' || i as player_id, 'Player Name ' || chr(cast(65 + i % 26 as int)) || i as player_name,
    1 + i % ($games - 1) as game, (i // $games) % 2 = 0 as is_home, hash(i) % 1000 / 1000 as luck
from range($players) as players(i);

create table markets as
select unnest($markets) as market, unnest($labels) as market_label, unnest(range(len($markets))) as place;

create table reports.todays_cards as
with made as (
    select
        people.*, markets.*, hash(number, place) % 1000 / 1000 as chance,
        round(2 + 25 * luck + place, 2) as mean,
        -- every seventh has no line
        case when number % 7 < 6 then floor(2 + 25 * luck + place) + 0.5 end as line
    from people cross join markets
),
called as (
    select *, case when line is null then null when chance > 0.8 then 'OVER'
        when chance < 0.1 then 'UNDER' else 'PASS' end as recommendation,
        case when line is not null then round(chance / 4 - 0.05, 4) end as edge
    from made
)
select
    md5(player_id || market) as forecast_id,
    row_number() over (order by case recommendation when 'OVER' then 0 when 'UNDER' then 0
        when 'PASS' then 1 else 2 end, edge desc nulls last, player_name, market) as card_number,
    date '2026-01-16' as game_date, 'g' || game as game_id,
    timestamptz '2026-01-17 00:00:00+00' + interval (30 * (game % 6)) minute as tipoff_at,
    player_id, player_name,
    case when is_home then 'H' else 'A' end || game as team_abbreviation,
    case when is_home then 'A' else 'H' end || game as opponent_abbreviation, is_home,
    market, market_label, 'live' as run_mode, timestamptz '2026-01-16 22:00:00+00' as as_of,
    'TIP' as information_set, line, line as opening_line,
    case when line is not null then cast(-110 + 20 * chance as bigint) end as over_price_american,
    case when line is not null then 'fanduel' end as best_over_bookmaker,
    case when line is not null then cast(-100 - 20 * chance as bigint) end as under_price_american,
    case when line is not null then 'pinnacle' end as best_under_bookmaker,
    case when line is not null then 5 end as books,
    case when line is not null then timestamptz '2026-01-16 21:50:00+00' end as line_known_at,
    mean as predicted_value, cast(mean * 0.5 as bigint) as quantile_10,
    cast(mean * 0.75 as bigint) as quantile_25, cast(mean as bigint) as quantile_50,
    cast(mean * 1.25 as bigint) as quantile_75, cast(mean * 1.6 as bigint) as quantile_90,
    case when line is not null then round(chance, 4) end as probability_over,
    case when line is not null then 0.0 end as probability_push,
    case when line is not null then round(1 - chance, 4) end as probability_under,
    case when line is not null then round(0.5 + (chance - 0.5) / 5, 4) end
        as market_over_probability,
    case when line is not null then 0.5 end as model_probability_over,
    case when line is not null then 0.07 end as calibration_weight,
    edge as over_expected_value, -edge as under_expected_value, edge, recommendation,
    case when recommendation in ('OVER', 'UNDER') then 0.0123 end as stake_share, round(100 * chance, 1) as confidence, 'good' as quality_tier, null::varchar as quality_issues
from called;

update reports.todays_games set
    players = found.players, forecasts = found.forecasts, lines = found.lines, calls = found.calls
from (
    select game_id, count(distinct player_id) as players, count(*) as forecasts,
        count(line) as lines, countif(recommendation in ('OVER', 'UNDER')) as calls
    from reports.todays_cards group by all
) as found
where todays_games.game_id = found.game_id;

