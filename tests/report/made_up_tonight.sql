-- Made-up night: what stands beside the cards.
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
    date '2026-01-16' - cast(2 * i as int) as game_date, 'O' || (number + i) % 30 as opponent_abbreviation,
    i % 2 = 0 as is_home, 20 + i as minutes, cast(luck * 25 + i as bigint) as points, i as rebounds,
    10 - i as assists, i % 5 as threes,
    case when i < 9 then floor(25 * luck) + 0.5 end as points_line, 4.5 as rebounds_line,
    4.5 as assists_line, 1.5 as threes_line,
    22 + i as points_rebounds_assists, 12 + i as points_rebounds, 14 as points_assists,
    10 as rebounds_assists, 22.5 + i % 3 as points_rebounds_assists_line,
    null::double as points_rebounds_line, null::double as points_assists_line,
    9.5 as rebounds_assists_line
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
select 'open', date '2026-01-16', 'g1', timestamptz '2026-01-17 00:30:00+00', null, 'Un </script> Resolved',
    null, true, 0, 'NAME_UNRESOLVED', 'the books write a name that fits no player we know';

create table reports.todays_absences as
select 'a' as absence_id, date '2026-01-16' as game_date, 'g1' as game_id, 't' as team_id,
    'H1' as team_abbreviation, 'out' as player_id, 'Oscar Out' as player_name, 'out' as status,
    4 as severity, timestamptz '2026-01-16 18:00:00+00' as known_at, 33.4 as usual_minutes,
    21.2 as usual_points;

create table reports.todays_counts as
select date '2026-01-16' as slate_date, timestamptz '2026-01-16 22:00:00+00' as as_of,
    'live' as run_mode, 'catboost' as published_system, date '2026-01-17' as next_game_date, $games as games,
    $games - 1 as games_to_come, $players + 2 as players, $players as players_forecast,
    $players + 2 as players_with_a_line, cards.forecasts, cards.forecasts_with_a_line, cards.calls,
    'TIP' as information_set, timestamptz '2026-01-16 22:00:00+00' as forecast_as_of,
    timestamptz '2026-01-16 21:50:00+00' as line_known_at
from (
    select count(*) as forecasts, count(line) as forecasts_with_a_line,
        countif(recommendation in ('OVER', 'UNDER')) as calls
    from reports.todays_cards
) as cards;
