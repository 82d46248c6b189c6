"""Publish: what people read is a copy that is switched in one step, and only after the last gate
has passed.

DuckDB: a second file beside the old one, switched by an atomic rename. Whoever has the old file
    open keeps reading it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from flows import warehouse
from flows.errors import NotOnThisTarget, PublishFailed

if TYPE_CHECKING:
    from flows.runs import Run
    from loaders.settings import Settings

PUBLIC_SCHEMAS = ("marts", "reports")
# What only models read, a row a player, game and information set: over three seasons 400 MB, and
# nine tenths of a publish's time.
PRIVATE_RELATIONS = (
    "marts.ml_feature_store",
    "marts.ml_training_examples",
    "marts.player_composite_factors",
    "marts.player_daily_cache",
    "marts.player_shot_zone_analysis",
    "marts.prop_line_outcomes",
    "marts.team_defense_zone_analysis",
    "marts.upcoming_player_game_context",
    "marts.upcoming_slate",
)
UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Published:
    """What was published, and where."""

    path: Path
    relations: int
    rows: int


def publish(settings: Settings, run: Run, *, now: datetime) -> Published:
    """Copy the public models into a new file and put it in place of the published one.

    Views become tables, and the one-row table `published.publication` says which run they come
    from.

    Raises:
        NotOnThisTarget: BigQuery, which publishes by run-keyed tables and a pointer instead.
        PublishFailed: the copy could not be made; the published file is as it was.
    """
    if settings.target == "bigquery":
        raise NotOnThisTarget("publishing to BigQuery is not wired yet: use --target duckdb")
    target = settings.published_path
    _remove_leftovers(target)
    with _replacing(target) as fresh:
        relations, rows = _copy(settings, fresh, run, now)
    return Published(target, relations, rows)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A path for a new version of `target`: renamed at the end, removed if anything fails."""
    fresh = target.with_name(f"{target.name}.{os.getpid()}{UNFINISHED}")
    try:
        yield fresh
        _flush(fresh)
        os.replace(fresh, target)
        _flush(target.parent)
    finally:
        for leftover in (fresh, Path(f"{fresh}.wal")):
            leftover.unlink(missing_ok=True)


def _copy(settings: Settings, fresh: Path, run: Run, now: datetime) -> tuple[int, int]:
    rows = 0
    catalog = settings.warehouse_path.stem
    with warehouse.connect_both(
        settings.warehouse_path, fresh, wait_seconds=settings.lock_wait_seconds
    ) as connection:
        try:
            relations = _public_relations(connection, catalog)
            for schema in dict.fromkeys(schema for schema, _ in relations):
                connection.execute(f'create schema fresh."{schema}"')
            for schema, name in relations:
                relation = f'"{schema}"."{name}"'
                connection.execute(f'create table fresh.{relation} as from "{catalog}".{relation}')
                counted = connection.execute(f"select count(*) from fresh.{relation}").fetchone()
                rows += counted[0]
            _sign(connection, run, now)
        except duckdb.Error as error:
            raise PublishFailed(
                f"{settings.published_path.name} stays as it was: {str(error).splitlines()[0]}"
            ) from error
    if not relations:
        raise PublishFailed(
            f"{settings.warehouse_path} has no relation in {', '.join(PUBLIC_SCHEMAS)}: build first"
        )
    return len(relations), rows


def _public_relations(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str]]:
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_catalog = ?
            and list_contains(?, table_schema)
            and not list_contains(?, table_schema || '.' || table_name)
        order by all
        """,
        [catalog, list(PUBLIC_SCHEMAS), list(PRIVATE_RELATIONS)],
    ).fetchall()


def _sign(connection: duckdb.DuckDBPyConnection, run: Run, now: datetime) -> None:
    connection.execute("create schema fresh.published")
    connection.execute(
        """
        create table fresh.published.publication as
        select
            ?::varchar as run_id,
            ?::timestamptz as as_of,
            ?::varchar as run_mode,
            ?::timestamptz as published_at
        """,
        [run.run_id, run.as_of, run.run_mode, now],
    )


def _flush(path: Path) -> None:
    """Have the disk hold what was written, so that the rename cannot outrun its content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_leftovers(target: Path) -> None:
    """Remove what killed publishes left; a publish that is still going on keeps its file."""
    for leftover in target.parent.glob(f"{target.name}.*{UNFINISHED}*"):
        owner = leftover.name.removeprefix(f"{target.name}.").split(".")[0]
        if not (owner.isdigit() and int(owner) != os.getpid() and _is_alive(int(owner))):
            leftover.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
