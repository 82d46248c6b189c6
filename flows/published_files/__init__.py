"""Files that other programs read: the published reports as JSON and Parquet, switched as a whole.

`publish/<target>/v1` is a link to one set of files of one publication. A new set is written beside
it, then the link is switched by a rename, so that whoever reads through it sees the old set or the
new one; the set before stays for those who are still reading it. `snapshots/` keeps the tables of
every publication.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from flows import defaults, warehouse
from flows.clock import eastern_date
from flows.errors import FilesFailed
from flows.published_files.contracts import FILES, PLAYER, PUBLICATION, SCHEMAS, VERSION
from flows.published_files.documents import document, instants_as_text, players
from loaders import files

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

LINK = f"v{VERSION}"
STAMP = "%Y%m%dT%H%M%SZ"
SAFE_NAME = re.compile(r"\w+")


@dataclass(frozen=True)
class Written:
    """A set of files: the link to it, whose run it is, its files, the rows of its tables."""

    place: Path
    run_id: str
    files: int
    rows: int


def write(settings: Settings) -> Written:
    """Write the files of what is published, and switch to them.

    Raises:
        FilesFailed: they could not be made; what stood there is as it was.
        WarehouseError: the published copy could not be read; likewise.
    """
    folder = settings.publish_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for _ in range(defaults.FILE_ATTEMPTS):
            publication = _publication(settings)
            with _fresh(folder) as fresh:
                written = _write(settings, publication, fresh)
                # what was read is of one publication, and of the latest
                if _publication(settings) == publication:
                    _switch(folder, fresh, publication.to_pylist()[0])
                    return written
    except (OSError, duckdb.Error) as error:
        raise FilesFailed(f"the files in {folder} stay as they were: {error}") from error
    raise FilesFailed(f"the files in {folder} stay as they were: others publish all the time")


def snapshots(settings: Settings) -> list[Path]:
    """The folders that say what was published when, the oldest first."""
    folder = settings.snapshots_dir
    return sorted(path for path in folder.glob("*_*") if files.UNFINISHED not in path.name)


def _publication(settings: Settings) -> pa.Table:
    names = ", ".join(PUBLICATION)
    return warehouse.query_published(settings, f"select {names} from published.publication")


def _write(settings: Settings, publication: pa.Table, fresh: Path) -> Written:
    since = eastern_date(publication["as_of"][0].as_py()) - defaults.FILE_DAYS
    rows = 0
    with duckdb.connect(":memory:") as connection:
        connection.execute("set TimeZone = 'UTC'")
        # rows stay in the order in which they were asked for
        connection.execute("set threads = 1")
        connection.register("publication", publication)
        for file in FILES:
            table = warehouse.query_published(
                settings,
                f"select {', '.join(file.columns)} from reports.{file.report}"
                f" where {'game_date >= ?' if file.is_recent else 'true'} order by {file.order_by}",
                [since] if file.is_recent else [],
            )
            rows += table.num_rows
            connection.register(f"{file.name}_table", table)
            connection.execute(instants_as_text(file))
            _copy(connection, f"from {file.name}_table", fresh / f"{file.name}.parquet", PARQUET)
            _copy(connection, document(file), fresh / f"{file.name}.json", "format json")
        connection.register("distributions", _distributions(settings))
        _write_players(connection, fresh / f"{PLAYER}s")
    shutil.copytree(SCHEMAS, fresh / "schemas")
    found = [path for path in fresh.rglob("*") if path.is_file()]
    for path in found:
        files.flush(path)
    place, run_id = settings.publish_dir / LINK, publication["run_id"][0].as_py()
    return Written(place, run_id, len(found), rows)


PARQUET = "format parquet, compression zstd"


def _copy(connection: duckdb.DuckDBPyConnection, rows: str, path: Path, how: str) -> None:
    quoted = str(path).replace("'", "''")
    connection.execute(f"copy ({rows}) to '{quoted}' ({how})")


def _distributions(settings: Settings) -> pa.Table:
    return warehouse.query_published(
        settings,
        "select player_id, forecast_id, market, value, cumulative_probability"
        " from reports.todays_distributions",
    )


def _write_players(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    folder.mkdir()
    for player_id, text in connection.execute(players()).fetchall():
        if SAFE_NAME.fullmatch(player_id) is None:
            raise FilesFailed(f"no file can be named after player {player_id!r}")
        (folder / f"{player_id}.json").write_text(f"{text}\n", encoding="utf-8")


@contextmanager
def _fresh(folder: Path) -> Iterator[Path]:
    """A folder to be filled, which is removed unless it has got a name of its own."""
    (folder / "sets").mkdir(exist_ok=True)
    target = folder / "sets" / "set"
    files.remove_leftovers(target)
    fresh = files.unfinished(target)
    fresh.mkdir()
    try:
        yield fresh
    finally:
        files.remove(fresh)


def _switch(folder: Path, fresh: Path, publication: dict[str, Any]) -> None:
    """Give the set its name, keep its tables, lead the link to it, remove what nobody reads."""
    name = f"{publication['published_at']:{STAMP}}_{publication['run_id']}"
    _keep(fresh, folder / "snapshots" / name)
    link = folder / LINK
    before = Path(os.readlink(link)).name if link.is_symlink() else None
    names = (name if n == 1 else f"{name}_{n}" for n in count(1))
    target = next(path for path in map((folder / "sets").joinpath, names) if not path.exists())
    fresh.rename(target)
    files.remove_leftovers(link)
    new = files.unfinished(link)
    new.symlink_to(Path("sets") / target.name)
    if link.is_dir() and not link.is_symlink():
        # of a home that was copied without its links
        files.remove(link)
    new.replace(link)
    files.flush(folder)
    for old in (folder / "sets").iterdir():
        if old.name not in (target.name, before) and files.UNFINISHED not in old.name:
            files.remove(old)


def _keep(fresh: Path, snapshot: Path) -> None:
    """The tables of a publication, once; what is kept is never written again."""
    if snapshot.exists():
        return
    files.remove_leftovers(snapshot)
    half = files.unfinished(snapshot)
    half.mkdir(parents=True)
    for table in fresh.glob("*.parquet"):
        shutil.copyfile(table, half / table.name)
        files.flush(half / table.name)
    half.rename(snapshot)
    files.flush(snapshot.parent)
