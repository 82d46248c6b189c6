"""Publish on DuckDB: a second file beside the old one, switched by an atomic rename.

Whoever has the old file open keeps reading it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from loaders.engines.base import Publication, Published
from loaders.engines.duckdb import first_line, opened_beside
from loaders.errors import PublishFailed
from loaders.files import flush, remove_leftovers, unfinished

if TYPE_CHECKING:
    from loaders.settings import Settings


def publish(settings: Settings, publication: Publication) -> Published:
    """Copy the public relations into a new file and put it in place of the published one.

    Views become tables, and the one-row table `published.publication` says which run they come
    from.
    Raises: PublishFailed, WarehouseBusy; the published file is then as it was.
    """
    target = settings.published_path
    remove_leftovers(target)
    with _replacing(target) as fresh:
        relations, rows = _copy(settings, fresh, publication)
    return Published(str(target), relations, rows)


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """A path for a new version of `target`: renamed at the end, removed if anything fails."""
    fresh = unfinished(target)
    try:
        yield fresh
        flush(fresh)
        os.replace(fresh, target)
        flush(target.parent)
    finally:
        for leftover in (fresh, Path(f"{fresh}.wal")):
            leftover.unlink(missing_ok=True)


def _copy(settings: Settings, fresh: Path, publication: Publication) -> tuple[int, int]:
    rows = 0
    catalog = settings.warehouse_path.stem
    with opened_beside(settings, settings.warehouse_path, fresh) as connection:
        try:
            relations = [
                relation
                for relation in _relations(connection, catalog)
                if publication.is_public(*relation)
            ]
            for schema in dict.fromkeys(schema for schema, _ in relations):
                connection.execute(f'create schema fresh."{schema}"')
            for schema, name in relations:
                relation = f'"{schema}"."{name}"'
                connection.execute(f'create table fresh.{relation} as from "{catalog}".{relation}')
                counted = connection.execute(f"select count(*) from fresh.{relation}").fetchone()
                rows += counted[0]
            _sign(connection, publication)
        except duckdb.Error as error:
            raise PublishFailed(
                f"{settings.published_path.name} stays as it was: {first_line(error)}"
            ) from error
    if not relations:
        raise PublishFailed(
            f"{settings.warehouse_path} has no relation in {', '.join(publication.schemas)}: "
            "build first"
        )
    return len(relations), rows


def _relations(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[tuple[str, str]]:
    return connection.execute(
        """
        select table_schema, table_name
        from information_schema.tables
        where table_catalog = ?
        order by all
        """,
        [catalog],
    ).fetchall()


def _sign(connection: duckdb.DuckDBPyConnection, publication: Publication) -> None:
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
        [
            publication.run_id,
            publication.as_of,
            publication.run_mode,
            publication.published_at,
        ],
    )
