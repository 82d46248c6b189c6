"""The audit's views over two made-up seasons: what misses shows, however old it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from worlds import copy_world

from flows import doctor, steps
from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

NOW = datetime(2025, 3, 20, 22, 0, tzinfo=UTC)
# A game every other day of two seasons, but for the All-Star break.
SCHEDULE = """
insert into raw_archive.schedule (
    game_id, season, season_type, game_date, tipoff_utc, home_team_id, away_team_id,
    home_pts, away_pts, _dlt_load_id
)
select
    'g' || strftime(day, '%Y%m%d'), season, 'Regular Season', day, day + interval 23 hour,
    1610612737, 1610612738, 100, 90, '1'
from (values
    ('2023-24', date '2023-10-24', date '2024-04-14'),
    ('2024-25', date '2024-10-23', date '2025-03-18')
) as seasons (season, first_day, last_day),
    lateral (select unnest(generate_series(first_day, last_day, interval 2 day))::date as day)
where day not between date '2025-02-14' and date '2025-02-19'
"""
BUILT = (
    "create schema intermediate",
    "create schema marts",
    """
    create table intermediate.int_games__members as
    select 'nba' as source, game_id as source_game_id, game_id as member_id
    from raw_archive.schedule
    """,
    """
    create table marts.games as select
        game_id, game_date, 'final' as status, true as is_final, true as is_franchise_game,
        timezone('UTC', tipoff_utc::timestamp) as tipoff_at
    from raw_archive.schedule
    """,
    """
    create table marts.team_offense_game_summary as
    select game_date, game_id, team_id from marts.games, (values ('h'), ('a')) as t (team_id)
    """,
    "create table marts.player_game_summary as from marts.team_offense_game_summary",
    "create schema if not exists audit",
    "create table audit.feature_builds as select distinct game_date,"
    " timestamptz '2026-01-16 12:00:00+00' as built_as_of from marts.games",
)
VIEWS = (
    "path:seeds path:models/staging int_sources__games path:models/audit,config.materialized:view"
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two seasons in which nothing misses, their last days run live. Not to be written."""
    settings = Settings(home=tmp_path_factory.mktemp("audit"))
    steps.ensure_tables(settings)
    execute(settings, SCHEDULE, *BUILT)
    dbt = DbtRunner(settings)
    dbt.parse()
    excluded = [
        "--exclude",
        "loads_pending",
        "price_snapshots_unused",
        # they read what only a build makes
        "path:models/audit/issues",
        "source_disagreements",
        "unresolved_events",
        "unresolved_players",
        # they read forecasts
        "path:models/audit/alarms",
        "path:models/audit/lineage",
        "--exclude-resource-type",
        "unit_test",
        "test",
    ]
    arguments = ["build", "--select", *VIEWS.split(), *excluded]
    done = dbt._invoke([*arguments, "--vars", f'{{as_of: "{NOW.isoformat()}"}}'])
    assert done.success, [r.message for r in done.result if str(r.status) == "error"]
    for day in range(3):
        run(settings, f"d{day}", NOW - timedelta(days=2 - day))
    return settings


@pytest.fixture
def world(built: Settings, tmp_path: Path) -> Settings:
    return copy_world(built, tmp_path / "home")


def execute(settings: Settings, *statements: str) -> None:
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("set timezone = 'UTC'")
        for statement in statements:
            connection.execute(statement)


def run(settings: Settings, run_id: str, at: datetime, status: str = "completed", **more) -> None:
    """Enter a live daily run of the date of `at` (or of `day`), with forecasts unless told."""
    day = more.get("day", at.date())
    finished = (
        "null" if status in ("running", "died") else f"timestamptz '{at}' + interval 1 minute"
    )
    execute(
        settings,
        "insert into raw_runs.runs (run_id, command, run_mode, as_of, started_at, finished_at,"
        " status, game_date_from, game_date_to, error_class, error, is_degraded, degraded_reason,"
        " host, process_id, _dlt_load_id) values ("
        f"'{run_id}', '{more.get('command', 'daily')}', 'live', timestamptz '{at}',"
        f" timestamptz '{at}', {finished}, '{status}', '{day}', '{day}',"
        f" {text(more.get('error_class'))}, {text(more.get('error'))}, false, null,"
        " 'here', 7, '1')",
    )
    if more.get("forecasts", status == "completed"):
        execute(
            settings,
            "insert into raw_forecasts.forecasts (forecast_id, run_id, run_mode, game_date,"
            f" _dlt_load_id) values ('f{run_id}', '{run_id}', 'live', '{day}', '1')",
        )


def text(value: str | None) -> str:
    return "null" if value is None else f"'{value}'"


def grid(settings: Settings, where: str = "true") -> list[tuple]:
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        return connection.execute(
            f"select game_date, status, reason from audit.date_grid where {where} order by 1"
        ).fetchall()


def found(settings: Settings, now: datetime = NOW) -> list[tuple]:
    rows = doctor.findings(settings, now).to_pylist()
    return [(row["finding"], row["severity"], row["since"], row["what"]) for row in rows]


def test_two_seasons_without_a_fault_are_done_or_without_games(world: Settings) -> None:
    days = grid(world)
    assert (days[0][0], days[-1][0]) == (date(2023, 10, 24), date(2025, 3, 20))
    assert len(days) == (days[-1][0] - days[0][0]).days + 1
    # the summer and the All-Star break are no gaps
    assert {status for _, status, _ in days} == {"done", "no_games"}
    assert found(world) == []


def test_incident_18_game_days_absent_for_months_show_however_old_they_are(world: Settings) -> None:
    lost = "where game_date between date '2023-12-20' and date '2024-01-31'"
    execute(
        world,
        f"delete from raw_archive.schedule {lost}",
        f"delete from marts.games {lost}",
        f"delete from marts.team_offense_game_summary {lost}",
        f"delete from marts.player_game_summary {lost}",
    )
    missing = grid(world, "status = 'missing'")
    assert (missing[0][0], missing[-1][0], len(missing)) == (
        *(date(2023, 12, 20), date(2024, 1, 31), 43),
    )
    assert {reason for _, _, reason in missing} == {"no schedule for 43 days"}
    assert found(world) == [
        (
            *("missing", "error", date(2023, 12, 20)),
            "43 game dates 2023-12-20 to 2024-01-31: no schedule for 43 days",
        )
    ]


def test_incident_18_box_scores_absent_for_a_day_a_year_ago_show(world: Settings) -> None:
    execute(
        world,
        "delete from marts.team_offense_game_summary where game_date = date '2024-01-08'",
        "delete from marts.player_game_summary where game_date = date '2024-01-10'",
        "delete from audit.feature_builds where game_date = date '2024-01-12'",
        "delete from intermediate.int_games__members where member_id = 'g20240114'",
        "update marts.games set is_final = false where game_date = date '2024-01-16'",
    )
    assert grid(world, "status = 'missing'") == [
        (date(2024, 1, 8), "missing", "team rows"),
        (date(2024, 1, 10), "missing", "player rows"),
        (date(2024, 1, 12), "missing", "features"),
        (date(2024, 1, 14), "missing", "loaded games are not built"),
        (date(2024, 1, 16), "missing", "games are not final"),
    ]


def test_incident_18_a_schedule_that_stops_shows_while_runs_go_on(world: Settings) -> None:
    for day in range(1, 15):
        run(world, f"late{day}", NOW + timedelta(days=day), forecasts=False)
    # the months in which there are always games
    assert grid(world, "status = 'missing'") == [
        (date(2025, 3, day), "missing", "no schedule for 16 days") for day in range(19, 32)
    ]


def test_incident_10_a_success_with_no_rows_is_not_done(world: Settings) -> None:
    game_day = NOW - timedelta(days=2)
    run(world, "empty", game_day + timedelta(hours=1))
    execute(
        world,
        "insert into raw_runs.loads (run_id, load_key, source, resource, status, started_at,"
        " finished_at, _dlt_load_id) values ('empty', 'k', 'odds_api', 'events', 'no_data',"
        f" timestamptz '{NOW}', timestamptz '{NOW}', '1')",
    )
    assert grid(world, "status not in ('done', 'no_games')") == [
        (date(2025, 3, 18), "missing", "odds_api events: no data")
    ]
    assert [row[:2] for row in found(world)] == [("missing", "error")]
    # on a day without games there is nothing to be had
    execute(world, "update raw_runs.runs set game_date_to = '2025-03-19' where run_id = 'empty'")
    assert grid(world, "status not in ('done', 'no_games')") == []


def test_incident_10_a_run_that_forecast_nothing_is_not_done(world: Settings) -> None:
    execute(world, "delete from raw_forecasts.forecasts")
    assert grid(world, "status not in ('done', 'no_games')") == [
        (date(2025, 3, 18), "missing", "predictions")
    ]


GATE = """
insert into raw_runs.gate_results (
    run_id, gate_row_id, layer, metric, game_date, status, _dlt_load_id
) values ('{run}', 'g', 'core', 'every_game_has_teams', date '{day}', '{status}', '1')
"""


def test_the_last_answer_of_a_gate_counts(world: Settings) -> None:
    blocked = GATE.format(run="d0", day="2024-01-08", status="empty")
    waived = GATE.format(run="d1", day="2024-01-08", status="waived")
    passed = GATE.format(run="d2", day="2024-01-08", status="pass")
    shown = []
    for statement in (blocked, waived, passed):
        execute(world, statement)
        shown += grid(world, "game_date = date '2024-01-08'")
    assert [(status, reason) for _, status, reason in shown] == [
        ("failed", "gate: every_game_has_teams"),
        ("waived", "gate: every_game_has_teams"),
        ("done", None),
    ]


def test_the_doctor_tells_what_failed_died_or_is_stuck_until_it_is_made_good(
    world: Settings,
) -> None:
    run(world, "f1", NOW, "failed", command="backfill", error_class="TransientError", error="down")
    run(world, "x1", NOW, "died", command="load", error_class="RunDied", error="died: gone")
    run(world, "s1", NOW, "running", command="load", forecasts=False)
    assert found(world) == [
        ("died", "error", date(2025, 3, 20), "load run x1: died: gone"),
        ("failed", "error", date(2025, 3, 20), "backfill run f1: down"),
    ]
    stuck = ("stuck", "error", date(2025, 3, 20), "load run s1 is still running")
    assert stuck not in found(world, NOW + timedelta(hours=5, minutes=59))
    assert stuck in found(world, NOW + timedelta(hours=6))
    later = NOW + timedelta(minutes=5)
    run(world, "f2", later, command="backfill", forecasts=False)
    run(world, "x2", later, command="load", forecasts=False)
    assert found(world) == []


def test_the_doctor_tells_when_the_daily_run_or_a_source_is_late(world: Settings) -> None:
    execute(
        world,
        "insert into raw_runs.loads (run_id, load_key, source, resource, status, started_at,"
        " finished_at, _dlt_load_id) values ('d2', 'k', 'odds_api', 'game_lines', 'no_data',"
        f" timestamptz '{NOW}', timestamptz '{NOW}', '1')",
    )
    run_due = NOW + timedelta(hours=36, minutes=1)
    assert found(world, run_due - timedelta(seconds=1)) == []
    late = [("late", "error", date(2025, 3, 20), "no live daily run has completed since")]
    assert found(world, run_due) == late
    source = ("late", "error", date(2025, 3, 20), "odds_api has not been loaded since")
    assert found(world, NOW + timedelta(hours=48)) == [*late, source]


def test_the_doctor_tells_that_a_quota_is_low(world: Settings) -> None:
    quota = (
        "insert into raw_runs.api_quota (run_id, source, used, remaining, _dlt_load_id)"
        " values ('{}', 'odds_api', {}, {}, '1')"
    )
    execute(world, quota.format("d0", 490, 10), quota.format("d1", 100, 400))
    assert found(world) == []
    execute(world, quota.format("d2", 400, 100))
    assert [row[0] + ": " + row[3] for row in found(world)] == [
        "quota: odds_api has 100 credits left"
    ]


def test_every_remedy_is_said(world: Settings) -> None:
    later = NOW + timedelta(minutes=5)
    run(world, "f1", later, "failed", error_class="MissingKey", error="no key")
    execute(
        world,
        "delete from marts.games where game_date = date '2024-01-08'",
        "delete from raw_archive.schedule where game_date > date '2025-02-01'",
    )
    told = doctor.findings(world, NOW + timedelta(days=9)).to_pylist()
    assert [row["finding"] for row in told] == ["failed", "late", "missing"]
    assert [row for row in told if not row["remedy"]] == []


@pytest.fixture
def scalar(world: Settings) -> Callable[[str], object]:
    def ask(sql: str) -> object:
        with duckdb.connect(str(world.warehouse_path), read_only=True) as connection:
            return connection.execute(sql).fetchone()[0]

    return ask


def test_uptime_is_the_share_of_slates_that_were_ready(world: Settings, scalar: Callable) -> None:
    share = "select in_time_share from audit.uptime where month = '2025-03'"
    assert scalar(share) == 1.0
    execute(world, "update raw_runs.runs set finished_at = finished_at + interval 3 hour")
    assert scalar(share) == 0.0


def test_a_trend_is_told_from_the_seven_dates_before(world: Settings, scalar: Callable) -> None:
    execute(
        world,
        "insert into raw_runs.gate_results (run_id, gate_row_id, layer, metric, game_date, value,"
        " status, _dlt_load_id) select 'd0', 'g' || n, 'core', 'm', date '2024-01-01' + n::int,"
        " case when n = 8 then 20 else 10 + n % 2 end, 'pass', '1' from range(9) as t (n)",
    )
    of_day = "from audit.gate_trends where game_date = date '2024-01-09'"
    assert scalar(f"select n_7 {of_day}") == 7
    assert scalar(f"select round(mean_7, 4) {of_day}") == round((4 * 11 + 3 * 10) / 7, 4)
    assert scalar(f"select z_score > 3 {of_day}") is True
