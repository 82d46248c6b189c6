-- Made-up record and its reliability.
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
    -0.0123 as return_on_staked, -0.0031 as mean_clv
from systems, slices, (select unnest(['live', 'replay']) as mode);

create table reports.calibration_table as
select md5(m || judge || i) as calibration_id, 'live' as run_mode, 'catboost' as system,
    'TIP' as information_set, m as market, judge, i as tenth, 1000 as n,
    cast(1000 * (0.05 + i / 10) as bigint) as overs, 0.05 + i / 10 as mean_probability,
    round(0.07 + i / 10.5, 4) as share_over, round(0.04 + i / 10.5, 4) as share_low,
    round(0.1 + i / 10.5, 4) as share_high
from (select 'all' as m union all select market from markets), (select unnest(['us', 'market']) as judge),
    range(10) as tenths(i);
drop table people;
drop table markets;
