"""What the seed asks for, and what the views say is there, on raw rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from flows import sources, steps
from flows.clock import MODES
from flows.completeness import SourceState
from flows.dbt_runner import DbtRunner
from loaders.settings import Settings

DAY = date(2026, 1, 15)
NIGHT = DAY - timedelta(days=1)
NOW = datetime(2026, 1, 15, 11, tzinfo=UTC)
LOAD = "1768472000.5"
TIPOFF = f"timestamptz '{NIGHT} 19:00:00-05'"
TABLES = {
    "raw_balldontlie": ("games", "player_stats"),
    "raw_odds_api": ("player_props", "game_lines"),
    "raw_archive": ("schedule", "player_shot_zones"),
    "raw_runs": ("runs", "loads"),
}


class World:
    """A warehouse with raw tables and the views of readiness."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def sql(self, *statements: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.warehouse_path)) as connection:
            connection.execute("set timezone = 'UTC'")
            for statement in statements:
                found = connection.execute(statement)
            return found.fetchall()

    def insert(self, table: str, **columns: str) -> None:
        """One row, each value as SQL."""
        values = ", ".join(
            f"{sql} as {name}" for name, sql in {**columns, "_dlt_load_id": f"'{LOAD}'"}.items()
        )
        self.sql(f"insert into {table} by name select {values}")

    def game(self, number: int, day: date, status: str = "Final", sides: int = 2) -> None:
        self.insert(
            "raw_balldontlie.games",
            id=str(number),
            game_date=f"date '{day}'",
            tipoff_at=f"timestamptz '{day} 19:00:00-05'",
            status=f"'{status}'",
            season="2025",
            period="4",
            home_team_id="1",
            visitor_team_id="2",
        )
        for side in range(sides):
            self.insert(
                "raw_balldontlie.player_stats",
                id=str(10 * number + side),
                game_id=str(number),
                game_date=f"date '{day}'",
                team_id=str(side + 1),
                player_id=str(side),
            )

    def answered(self, resource: str, at: datetime, *, status: str = "loaded", **run: str) -> None:
        """A run of a day asked for a resource."""
        key = f"{resource}/{at:%H%M}/{status}/{run}"
        run = {"game_date_from": f"date '{DAY}'", "game_date_to": f"date '{DAY}'", **run}
        self.insert("raw_runs.runs", run_id=f"'{key.replace(chr(39), '')}'", **run)
        self.insert(
            "raw_runs.loads",
            run_id=f"'{key.replace(chr(39), '')}'",
            load_key=f"'{key.replace(chr(39), '')}'",
            source="'balldontlie'",
            resource=f"'{resource}'",
            status=f"'{status}'",
            finished_at=f"timestamptz '{at.isoformat()}'",
        )

    def quoted(self, table: str, event: str, at: str = "2026-01-15 10:00:00+00") -> None:
        count = self.sql(f"select count(*) from raw_odds_api.{table}")[0][0]
        self.insert(
            f"raw_odds_api.{table}",
            row_key=f"'{count}'",
            event_id=f"'{event}'",
            commence_time=f"timestamptz '{DAY} 19:00:00-05'",
            market="'spreads'",
            captured_at=f"timestamptz '{at}'",
        )

    def states(self, mode: str = "overnight", now: datetime = NOW) -> dict[str, SourceState]:
        found = sources.states(self.settings, game_date=DAY, mode=mode, now=now)
        return {one.need: one for one in found}

    def counts(self, mode: str = "overnight", now: datetime = NOW) -> dict[str, tuple[int, int]]:
        states = self.states(mode, now)
        return {need: (one.present, one.expected) for need, one in states.items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> World:
    home = tmp_path_factory.mktemp("readiness")
    settings = Settings(home=home, balldontlie_api_key="one", odds_api_key="two")
    steps.ensure_tables(settings)
    dbt = DbtRunner(settings)
    built = dbt.build(selector=sources.SELECTOR, vars={"as_of": NOW.isoformat()})
    assert {one.resource_type for one in built.nodes} == {"seed", "model"}
    dbt.build(select="run_sources run_quality", vars={"as_of": NOW.isoformat()})
    return World(settings)


@pytest.fixture
def world(made: World) -> World:
    made.sql(*(f"delete from {s}.{t}" for s, tables in TABLES.items() for t in tables))
    return made


def test_with_nothing_loaded_everything_is_missing(world: World) -> None:
    for mode in MODES:
        assert {one.present for one in world.states(mode).values()} == {0}


def test_each_mode_waits_for_its_own(world: World) -> None:
    found = {mode: world.states(mode) for mode in MODES}
    required = {mode: [n for n, one in found[mode].items() if one.is_required] for mode in MODES}
    assert required == {
        "overnight": ["box_scores", "rosters", "schedule"],
        "same_day": ["schedule"],
        "tomorrow": ["rosters", "schedule"],
    }
    optional = {mode: set(found[mode]) - set(required[mode]) for mode in MODES}
    assert optional == {
        "overnight": {"injuries"},
        "same_day": {"injuries", "prop_lines", "game_lines"},
        "tomorrow": {"injuries"},
    }


def test_every_game_of_the_night_needs_players_of_both_teams(world: World) -> None:
    world.game(1, NIGHT)
    world.game(2, NIGHT, sides=1)
    world.game(3, NIGHT, sides=0)
    world.game(4, NIGHT, status="Postponed", sides=0)
    world.game(5, NIGHT, status="3rd Qtr")
    world.game(6, DAY, status="2026-01-16T00:00:00Z", sides=0)
    world.game(7, NIGHT - timedelta(days=1), sides=0)
    assert world.counts()["box_scores"] == (1, 4)


def test_after_a_day_off_no_box_score_is_expected(world: World) -> None:
    world.game(6, DAY, status="2026-01-16T00:00:00Z", sides=0)
    assert world.counts()["box_scores"] == (0, 0)


def test_an_answer_holds_for_hours(world: World) -> None:
    asked = NOW - timedelta(hours=6)
    world.answered("player_injuries", asked)
    world.answered("active_players", asked)
    almost = NOW - timedelta(seconds=1)
    assert world.counts(now=almost)["injuries"] == (1, 1)
    counts = world.counts()
    assert (counts["injuries"], counts["rosters"]) == ((0, 1), (1, 1))
    assert world.states()["rosters"].latest_at == asked


def test_a_failed_or_empty_answer_is_none(world: World) -> None:
    for resource in ("games", "active_players", "player_injuries"):
        world.answered(resource, NOW, status="failed")
    assert {one for one, _ in world.counts().values()} == {0}
    for resource in ("games", "active_players", "player_injuries"):
        world.answered(resource, NOW, status="no_data")
    counts = world.counts()
    # a day may have no games; a league has players
    assert (counts["schedule"], counts["rosters"], counts["injuries"]) == ((1, 1), (0, 1), (0, 1))


def test_the_schedule_of_another_day_is_no_answer(world: World) -> None:
    other = f"date '{DAY + timedelta(days=3)}'"
    world.answered("games", NOW, game_date_from=f"date '{NIGHT}'", game_date_to=other)
    assert world.counts()["schedule"] == (0, 1)
    world.answered("games", NOW, game_date_from=f"date '{NIGHT}'")
    assert world.counts()["schedule"] == (1, 1)


def test_lines_are_counted_by_game(world: World) -> None:
    for number in (1, 2):
        world.game(number, DAY, status="2026-01-16T00:00:00Z", sides=0)
    assert world.counts("same_day")["prop_lines"] == (0, 2)
    world.quoted("player_props", "e1")
    world.quoted("player_props", "e1")
    world.quoted("game_lines", "e1")
    world.quoted("game_lines", "e2")
    counts = world.counts("same_day")
    assert (counts["prop_lines"], counts["game_lines"]) == ((1, 2), (2, 2))
    # an event of the books that is no game of the schedule
    world.quoted("game_lines", "e3")
    assert world.counts("same_day")["game_lines"] == (2, 2)


def quality(world: World) -> tuple[set[str], int]:
    """Of the one run that forecast: what it went without, and what that cost."""
    rows = world.sql("select need, is_there from audit.run_sources")
    assert len(rows) == 7
    [found] = world.sql("select source_quality, needs_missing from audit.run_quality")
    gone = {need for need, there in rows if not there}
    assert found[1] == len(gone)
    return gone, 100 - found[0]


def test_a_run_has_the_quality_of_what_it_knew(world: World) -> None:
    """Not of what has come since."""
    world.game(1, NIGHT)
    world.game(2, DAY, status="2026-01-16T00:00:00Z", sides=0)
    world.insert(
        "raw_runs.runs",
        run_id="'r'",
        run_mode="'live'",
        information_set="'TIP'",
        as_of=f"timestamptz '{NOW.isoformat()}'",
        game_date_from=f"date '{DAY}'",
        game_date_to=f"date '{DAY}'",
    )
    for resource in ("games", "active_players"):
        world.answered(resource, NOW - timedelta(minutes=5))
    world.answered("player_injuries", NOW + timedelta(minutes=5))
    world.quoted("player_props", "e1", at="2026-01-15 11:00:01+00")
    world.quoted("game_lines", "e1", at="2026-01-15 10:59:59+00")
    assert quality(world) == ({"injuries", "prop_lines", "shot_zones"}, 5 + 10 + 15)
    world.answered("player_injuries", NOW - timedelta(hours=7))
    assert quality(world)[1] == 30
    world.answered("player_injuries", NOW - timedelta(hours=5))
    assert quality(world)[1] == 25


@pytest.mark.parametrize(("days", "lost"), [(1, 0), (14, 0), (15, 15), (0, 15)])
def test_shots_by_zone_are_of_the_fortnight_before(world: World, days: int, lost: int) -> None:
    zoned = DAY - timedelta(days=days)
    world.insert(
        "raw_archive.schedule",
        game_id="'g'",
        game_date=f"date '{zoned}'",
        season="'2025-26'",
        season_type="'Regular Season'",
        tipoff_utc=f"timestamptz '{zoned} 12:00:00-05'",
    )
    world.insert("raw_archive.player_shot_zones", game_id="'g'", player_id="1", team_id="1")
    world.insert(
        "raw_runs.runs",
        run_id="'r'",
        run_mode="'live'",
        information_set="'TIP'",
        as_of=f"timestamptz '{DAY} 23:00:00-05'",
        game_date_to=f"date '{DAY}'",
    )
    found = world.sql("select quality_lost from audit.run_sources where need = 'shot_zones'")
    assert found == [(lost,)]


def test_the_seed_names_resources_that_are_loaded() -> None:
    from loaders.raw import RAW_TABLES
    from loaders.settings import PROJECT_ROOT

    path = PROJECT_ROOT / "seeds" / "source_requirements.csv"
    rows = duckdb.sql(f"select source, resource, modes from read_csv('{path}')").fetchall()
    for source, resource, modes in rows:
        assert resource in {table.name for table in RAW_TABLES[source]}
        assert set((modes or "").split("|")) - {""} <= set(MODES)
