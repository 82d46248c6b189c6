-- Made-up health of runs.
create table reports.report_header as
select 'run-1' as run_id, 'daily' as command, 'live' as run_mode, 'completed' as status,
    timestamptz '2026-01-16 22:00:00+00' as as_of, timestamptz '2026-01-16 21:58:00+00' as started_at,
    timestamptz '2026-01-16 22:03:00+00' as finished_at, 300.0 as seconds,
    date '2026-01-16' as slate_date, 'TIP' as information_set, null::varchar as reason,
    false as is_degraded, null::varchar as degraded_reason, null::varchar as failure_category,
    120 as gate_checks_passed, 1 as gate_checks_warned, 0 as gate_checks_blocking,
    0 as gate_checks_waived, 'run-1' as last_completed_run_id,
    timestamptz '2026-01-16 22:00:00+00' as last_completed_as_of,
    timestamptz '2026-01-16 22:03:00+00' as last_completed_at,
    date '2026-01-16' as last_completed_slate_date;
create table reports.latest_gates as
select 'k' || i as latest_gate_id, 'run-1' as run_id, 'core' as layer, 'metric_number_' || i as metric,
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
