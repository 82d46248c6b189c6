"""Small worlds for proofs on the warehouse: load, build, truncate, scramble, compare."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from flows.dbt_runner import BuildResult, DbtRunner
from flows.steps import ensure_tables
from loaders import archive
from loaders.settings import PROJECT_ROOT, Settings

STAMPS = (
    "loaded_at",
    "latest_load_id",
    "source_load_id",
    "feature_source_load_id",
    "inputs_version",
    "built_as_of",
)
"""Columns that say when and from which load a row was made; all others must be equal."""

GAME_MINUTES = 180


def world(home: Path) -> Settings:
    """Settings of a home, with every raw table present."""
    settings = Settings(home=home)
    ensure_tables(settings)
    return settings


def load_archive(settings: Settings, path: Path, start: date, end: date) -> None:
    """Load the archive's rows of these game dates."""
    archive.load(settings, path=path, start=start, end=end, clock=lambda: datetime.now(UTC))


def build(
    settings: Settings,
    as_of: datetime,
    *,
    slate_date: date | None = None,
    project_dir: Path = PROJECT_ROOT,
    full_refresh: bool = False,
    severity: str = "error",
) -> BuildResult:
    """The first build, from raw to the feature store, speaking from `as_of`."""
    slate = {"slate_date": slate_date.isoformat()} if slate_date else {}
    slate["gate_severity"] = severity
    return DbtRunner(settings, project_dir=project_dir).build(
        selector="features", vars={"as_of": as_of.isoformat(), **slate}, full_refresh=full_refresh
    )


def copy_world(settings: Settings, home: Path) -> Settings:
    """The same warehouse in another home."""
    copied = Settings(home=home)
    copied.warehouse_path.parent.mkdir(parents=True)
    shutil.copy(settings.warehouse_path, copied.warehouse_path)
    return copied


def raw_copy(settings: Settings, home: Path) -> Settings:
    """The raw tables alone, with nothing built on them."""
    copied = copy_world(settings, home)
    with duckdb.connect(str(copied.warehouse_path)) as connection:
        built = connection.sql(
            "select distinct schema_name from duckdb_schemas()"
            " where database_name = current_database()"
            " and not internal and schema_name != 'main' and not starts_with(schema_name, 'raw_')"
        ).fetchall()
        for (schema,) in built:
            connection.execute(f'drop schema "{schema}" cascade')
    return copied


NO_GATE = "{% test gate(model, metric) %} select 1 as one where false {% endtest %}"


def project_copy(folder: Path, path: str, old: str, new: str, *, gates: bool = True) -> Path:
    """The dbt project with one text of one file changed; raises if the text is not there.

    gates: whether the gates still look, so that a proof can be seen behind them.
    """
    for name in ("models", "macros", "seeds", "tests/generic", "analyses"):
        if (PROJECT_ROOT / name).exists():
            shutil.copytree(PROJECT_ROOT / name, folder / name)
    for name in ("dbt_project.yml", "selectors.yml"):
        shutil.copy(PROJECT_ROOT / name, folder / name)
    shutil.copy(PROJECT_ROOT / "profiles.yml.example", folder / "profiles.yml")
    text = (folder / path).read_text()
    if old not in text:
        raise AssertionError(f"{path} does not contain {old!r}")
    (folder / path).write_text(text.replace(old, new))
    if not gates:
        (folder / "tests/generic/gate.sql").write_text(NO_GATE)
    return folder


# Tip-off as the archive gives it, else the declared fallback of 19:00 Eastern.
TIPOFF = """coalesce(
    tipoff_utc, timezone('America/New_York', cast(game_date as timestamp) + interval 19 hour)
)"""


def forget_from(settings: Settings, cut: datetime) -> dict[str, int]:
    """Delete every raw fact known at or after the cut; blank results of games tipping from then on.

    Returns the rows that went, by table, so that a test can tell there was something to forget.
    """
    at = f"timestamptz '{cut.isoformat()}'"
    final_at = f"{TIPOFF} + interval {GAME_MINUTES} minute"
    played = f"(select game_id from raw_archive.schedule where {final_at} >= {at})"
    statements = {
        "player_box": f"delete from raw_archive.player_box where game_id in {played}",
        "team_box": f"delete from raw_archive.team_box where game_id in {played}",
        "player_shot_zones": f"delete from raw_archive.player_shot_zones where game_id in {played}",
        "player_props": "delete from raw_archive.player_props"
        f" where coalesce(captured_at, last_update, commence_time, {at}) >= {at}",
        "game_lines": "delete from raw_archive.game_lines"
        f" where coalesce(captured_at, last_update, commence_time, {at}) >= {at}",
        "injuries": f"delete from raw_archive.injuries where first_seen_at >= {at}",
        "injuries taken back": "update raw_archive.injuries set gone_by_at = null"
        f" where gone_by_at >= {at}",
        "schedule": "update raw_archive.schedule set home_pts = null, away_pts = null"
        f" where {TIPOFF} >= {at}",
    }
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        return {name: connection.execute(sql).fetchone()[0] for name, sql in statements.items()}


def scramble_results(settings: Settings, game_date: date) -> int:
    """Change every player's line of one day, each line still adding up, as a correction would."""
    more = {"fgm": 2, "fga": 4, "fg3m": 1, "fg3a": 2, "ftm": 1, "fta": 1, "pts": 6}
    more |= {"oreb": 1, "dreb": 2, "reb": 3, "ast": 2, "stl": 1, "blk": 1, "tov": 1, "pf": 1}
    changes = ", ".join(f"{name} = {name} + {n}" for name, n in more.items())
    zones = ", ".join(
        f"{zone}_{kind} = {zone}_{kind} * 3 + 1"
        for zone in ("restricted", "mid_range", "above_break3")
        for kind in ("fga", "fgm")
    )
    where = f"where game_date = date '{game_date}'"
    load = "_dlt_load_id = cast(epoch(now()) as varchar)"
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(f"update raw_archive.player_shot_zones set {zones}, {load} {where}")
        connection.execute(f"update raw_archive.team_box set {changes}, {load} {where}")
        return connection.execute(
            f"update raw_archive.player_box set {changes}, seconds_played = seconds_played - 10,"
            f" {load} {where}"
        ).fetchone()[0]


def difference(
    one: Settings, other: Settings, relation: str, where: str = "true"
) -> tuple[int, int, int]:
    """(rows of one, rows only in one, rows only in the other), all columns but the stamps."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{one.warehouse_path}' as one (read_only)")
        connection.execute(f"attach '{other.warehouse_path}' as other (read_only)")
        schema, table = relation.split(".")
        names = [
            name
            for (name,) in connection.execute(
                "select column_name from duckdb_columns() where database_name = 'one'"
                " and schema_name = ? and table_name = ? order by column_name",
                [schema, table],
            ).fetchall()
            if name not in STAMPS
        ]
        columns = ", ".join(f'"{name}"' for name in names)
        left = f"(select {columns} from one.{relation} where {where})"
        right = f"(select {columns} from other.{relation} where {where})"
        return connection.execute(
            f"select (select count(*) from {left}),"
            f" (select count(*) from (from {left} except all from {right})),"
            f" (select count(*) from (from {right} except all from {left}))"
        ).fetchone()


def relations(settings: Settings, schemas: tuple[str, ...]) -> list[str]:
    """The tables of these schemas, as `schema.table`."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        found = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where list_contains(?, schema_name) order by 1",
            [list(schemas)],
        ).fetchall()
    return [name for (name,) in found]


# What the last build had to do, and what its gates judged.
OF_ONE_BUILD = (
    "gate_",
    "int_games__to_build",
    "int_team_questions__sides",
    "__as_of",
    "int_prop_lines__wide",
    "int_slate_player",
)


def lasting(settings: Settings, schemas: tuple[str, ...]) -> list[str]:
    """The tables of these schemas that hold a state, not the work of one build."""
    return [
        name
        for name in relations(settings, schemas)
        if not any(part in name for part in OF_ONE_BUILD)
    ]


def scalar(settings: Settings, sql: str):
    """The one value of a query on the warehouse."""
    with duckdb.connect(str(settings.warehouse_path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchone()[0]
