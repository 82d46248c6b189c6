"""A published night of any size, as the models of `models/reports` would leave it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from loaders.settings import Settings

NOW = datetime(2026, 1, 16, 22, 0, tzinfo=UTC)
MARKETS = (
    ("points", "Points"),
    ("rebounds", "Rebounds"),
    ("assists", "Assists"),
    ("threes", "Threes"),
    ("points_rebounds_assists", "Points + rebounds + assists"),
    ("points_rebounds", "Points + rebounds"),
    ("points_assists", "Points + assists"),
    ("rebounds_assists", "Rebounds + assists"),
)
BOOKS = ("betmgm", "caesars", "draftkings", "fanduel", "pinnacle")

PUBLICATION = """
create table published.publication as select
    'run-1' as run_id, timestamptz '2026-01-16 22:00:00+00' as as_of, 'live' as run_mode,
    timestamptz '2026-01-16 22:03:00+00' as published_at
"""
TONIGHT = """
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
    i as number, 'p' || i as player_id,
    'Player Name ' || chr(cast(65 + i % 26 as int)) || i as player_name,
    1 + i % ($games - 1) as game, (i // $games) % 2 = 0 as is_home, hash(i) % 1000 / 1000 as luck
from range($players) as players(i);

create table markets as
select unnest($markets) as market, unnest($labels) as market_label,
    unnest(range(len($markets))) as place;

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
    edge as over_expected_value, -edge as under_expected_value, edge, recommendation,
    round(100 * chance, 1) as confidence, 'good' as quality_tier, null::varchar as quality_issues
from called;

update reports.todays_games set
    players = found.players, forecasts = found.forecasts, lines = found.lines, calls = found.calls
from (
    select game_id, count(distinct player_id) as players, count(*) as forecasts,
        count(line) as lines, countif(recommendation in ('OVER', 'UNDER')) as calls
    from reports.todays_cards group by all
) as found
where todays_games.game_id = found.game_id;

create table reports.todays_plots as
select forecast_id, card_number, player_id, market,
    cast(greatest(0, predicted_value - 12) as bigint) as first_outcome,
    '147adgknqtvxyzzyxvtromjgeb9865432211' as shape
from reports.todays_cards;

create table reports.todays_prices as
select md5(forecast_id || book) as price_row_id, forecast_id, card_number, player_id, market,
    book as bookmaker, line + hash(card_number, book) % 2 as line,
    -110 + cast(hash(book) % 9 as bigint) as over_price_american,
    -108 - cast(hash(book) % 9 as bigint) as under_price_american,
    hash(card_number, book) % 2 = 0 as is_at_our_line,
    timestamptz '2026-01-16 21:40:00+00' + interval (hash(book) % 9) minute as known_at
from reports.todays_cards, (select unnest($books) as book)
where line is not null;

create table reports.todays_drivers as
select forecast_id || ':' || i as driver_id, forecast_id, card_number, player_id, market,
    i as driver_rank, 'feature_' || (card_number + i) % 120 as feature,
    'Mean of feature ' || (card_number + i) % 120 || ' over the last 10 games.' as feature_text,
    case when i = 6 then null else round(30.25 / i, 2) end as value,
    round(case when (card_number + i) % 3 = 0 then -1.85 else 2.35 end / i, 2) as contribution
from reports.todays_cards, range(1, 7) as ranks(i)
where market in ('points', 'rebounds', 'assists', 'threes');

create table reports.todays_history as
select player_id || '-' || i as player_game_id, player_id, i as recency,
    date '2026-01-16' - cast(2 * i as int) as game_date,
    'O' || (number + i) % 30 as opponent_abbreviation,
    i % 2 = 0 as is_home, 20 + i as minutes, cast(luck * 25 + i as bigint) as points, i as rebounds,
    10 - i as assists, i % 5 as threes,
    case when i < 9 then floor(25 * luck) + 0.5 end as points_line, 4.5 as rebounds_line,
    4.5 as assists_line, 1.5 as threes_line
from people, range(1, 11) as games(i);

create table reports.todays_players as
select md5(player_id) as coverage_id, date '2026-01-16' as game_date, 'g' || game as game_id,
    timestamptz '2026-01-17 00:00:00+00' + interval (30 * (game % 6)) minute as tipoff_at,
    player_id, player_name, case when is_home then 'H' else 'A' end || game as team_abbreviation,
    true as has_prop_line, len($markets) as markets_predicted, 'PREDICTED' as reason,
    'forecast' as reason_text
from people
union all
select 'out', date '2026-01-16', 'g1', timestamptz '2026-01-17 00:30:00+00', 'out', 'Oscar Out',
    'H1', true, 0, 'PLAYER_OUT', 'ruled out'
union all
select 'open', date '2026-01-16', 'g1', timestamptz '2026-01-17 00:30:00+00', null,
    'Un </script> Resolved',
    null, true, 0, 'NAME_UNRESOLVED', 'the books write a name that fits no player we know';

create table reports.todays_absences as
select 'a' as absence_id, date '2026-01-16' as game_date, 'g1' as game_id, 't' as team_id,
    'H1' as team_abbreviation, 'out' as player_id, 'Oscar Out' as player_name, 'out' as status,
    4 as severity, timestamptz '2026-01-16 18:00:00+00' as known_at, 33.4 as usual_minutes,
    21.2 as usual_points;

create table reports.todays_counts as
select date '2026-01-16' as slate_date, timestamptz '2026-01-16 22:00:00+00' as as_of,
    'live' as run_mode, date '2026-01-17' as next_game_date, $games as games,
    $games - 1 as games_to_come, $players + 2 as players, $players as players_forecast,
    $players + 2 as players_with_a_line, cards.forecasts, cards.forecasts_with_a_line, cards.calls,
    'TIP' as information_set, timestamptz '2026-01-16 22:00:00+00' as forecast_as_of,
    timestamptz '2026-01-16 21:50:00+00' as line_known_at
from (
    select count(*) as forecasts, count(line) as forecasts_with_a_line,
        countif(recommendation in ('OVER', 'UNDER')) as calls
    from reports.todays_cards
) as cards;
"""
RECORD = """
create table reports.track_record_by_slice as
with systems as (select unnest(['catboost', 'ensemble', 'season_average', 'last_10']) as system),
slices as (
    select 'all' as slice, 'all' as market, 'all' as month
    union all select 'market', market, 'all' from markets
    union all select 'month', 'all', m from (select unnest(
        ['2025-10', '2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04']) as m)
)
select md5(system || mode || market || month || slice) as slice_id, mode as run_mode, system,
    'TIP' as information_set, slice, market, month, date '2025-10-21' as first_date,
    date '2026-04-12' as last_date, 160 as dates, 98765 as graded, 87654 as with_line,
    80123 as judged, 4321 as bets, 2210 as bets_won, 150 as bet_dates, 4000 as clv_bets,
    4.8765 as mean_absolute_error, 4.9123 as mean_absolute_error_with_line,
    4.8512 as line_mean_absolute_error, 0.6891 as log_loss, 0.6875 as market_log_loss,
    round(0.02 - (hash(system, month) % 100) / 1000, 4) as return_on_stake,
    0.021 as return_standard_error,
    round(0.02 - (hash(system, month) % 100) / 1000 - 0.0412, 4) as return_low,
    round(0.02 - (hash(system, month) % 100) / 1000 + 0.0412, 4) as return_high,
    -0.0031 as mean_clv
from systems, slices, (select unnest(['live', 'replay']) as mode);

create table reports.calibration_table as
select md5(m || judge || i) as calibration_id, 'live' as run_mode, 'catboost' as system,
    'TIP' as information_set, m as market, judge, i as tenth, 1000 as n,
    cast(1000 * (0.05 + i / 10) as bigint) as overs, 0.05 + i / 10 as mean_probability,
    round(0.07 + i / 10.5, 4) as share_over, round(0.04 + i / 10.5, 4) as share_low,
    round(0.1 + i / 10.5, 4) as share_high
from (select 'all' as m union all select market from markets), (select unnest(['us',
    'market']) as judge),
    range(10) as tenths(i);
drop table people;
drop table markets;
"""
HEALTH = """
create table reports.report_header as
select 'run-1' as run_id, 'daily' as command, 'live' as run_mode, 'completed' as status,
    timestamptz '2026-01-16 22:00:00+00' as as_of,
    timestamptz '2026-01-16 21:58:00+00' as started_at,
    timestamptz '2026-01-16 22:03:00+00' as finished_at, 300.0 as seconds,
    date '2026-01-16' as slate_date, 'TIP' as information_set, null::varchar as reason,
    false as is_degraded, null::varchar as degraded_reason, null::varchar as failure_category,
    120 as gate_checks_passed, 1 as gate_checks_warned, 0 as gate_checks_blocking,
    0 as gate_checks_waived, 'run-1' as last_completed_run_id,
    timestamptz '2026-01-16 22:00:00+00' as last_completed_as_of,
    timestamptz '2026-01-16 22:03:00+00' as last_completed_at,
    date '2026-01-16' as last_completed_slate_date;
create table reports.latest_gates as
select 'k' || i as latest_gate_id, 'run-1' as run_id, 'core' as layer,
    'metric_number_' || i as metric,
    3 as checks, 3 - (i = 2)::int as passed, (i = 2)::int as warned, 0 as blocking, 0 as waived,
    date '2026-01-15' as first_date, date '2026-01-16' as last_date
from range(1, 41) as metrics(i);
create table reports.latest_gate_failures as
select 'f' as gate_result_key, 'run-1' as run_id, 'core' as layer, 'metric_number_2' as metric,
    null::varchar as subject, date '2026-01-16' as game_date, 'warn' as status, 0.8765 as value,
    'at_least' as direction, 0.95 as warn_threshold, 0.5 as error_threshold,
    null::varchar as waived_by, null::varchar as waiver_reason;
create table reports.latest_sources as
select s as source, timestamptz '2026-01-16 21:59:00+00' as latest_load_at, 0.1 as age_hours,
    timestamptz '2026-01-16 21:59:00+00' as attempted_at, 4 as resources,
    (s = 'odds_api')::int as resources_failed, 0 as resources_empty, 1234 as rows_loaded,
    0 as rows_rejected
from (select unnest(['balldontlie', 'odds_api']) as s);
create table reports.latency_days as
select md5(i || part) as latency_day_id, date '2026-01-16' - cast(i as int) as run_date,
    'daily' as command, kind, part, 1 as runs, seconds - i as mean_seconds,
    seconds - i as longest_seconds
from range(30) as days(i), (values
    ('run', 'run', 300.5), ('step', 'load_sources', 32.8), ('layer', 'features', 99.1)
) as parts(kind, part, seconds);
"""
NARROW = """
select table_schema || '.' || table_name, column_name, split_part(data_type, '(', 1)
from information_schema.columns
where data_type like 'DECIMAL%' or data_type in ('INTEGER', 'HUGEINT', 'UBIGINT')
"""
WIDE = {"DECIMAL": "double", "INTEGER": "bigint", "HUGEINT": "bigint", "UBIGINT": "bigint"}


def publish(settings: Settings, *, players: int = 40, games: int = 6, markets: int = 4) -> None:
    """Make the published file and the warehouse of a night on which all went well."""
    sizes = {
        "players": str(players),
        "games": str(games),
        "markets": str([market for market, _ in MARKETS[:markets]]),
        "labels": str([label for _, label in MARKETS[:markets]]),
        "books": str(list(BOOKS)),
    }
    script = "create schema reports; create schema published;" + PUBLICATION + ";"
    script += TONIGHT + RECORD + HEALTH
    for name, value in sizes.items():
        script = script.replace(f"${name}", value)
    run(settings.published_path, script)
    run(settings.warehouse_path, "create schema reports;" + HEALTH)


def run(path: Path, script: str) -> None:
    """Execute statements against a file, which they create."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(script)
        # a literal of SQL is narrower than what the models declare
        for table, column, kind in connection.execute(NARROW).fetchall():
            connection.execute(f"alter table {table} alter {column} type {WIDE[kind]}")
