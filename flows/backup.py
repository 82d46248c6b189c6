"""A copy of a warehouse and of what belongs to it, and the way back.

A backup is laid out as a home: with NBA_PROPS_HOME set to its folder every command that reads
works on it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import warehouse
from flows.errors import BackupFailed, RestoreRefused
from flows.runs import git_sha
from loaders import files
from loaders.engines import engine
from loaders.errors import QueryFailed

if TYPE_CHECKING:
    from loaders.settings import Settings

MANIFEST = "manifest.json"
FORMAT = 1
STAMP = "%Y%m%dT%H%M%SZ"
LOG = ".wal"
"""What DuckDB adds to a file's name for changes that are not in the file yet."""


@dataclass(frozen=True)
class BackedUpFile:
    """A file of a backup: path within it, bytes, digest of the content."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself.

    target: the warehouse it is of; no other one takes it back.
    latest_run: id, command, status and as-of of the ledger's last run; None before the first.
    folders: dlt looks into folders of its own that may be empty.
    """

    created_at: str
    target: str
    project_version: str
    git_sha: str | None
    latest_run: dict[str, str] | None
    files: tuple[BackedUpFile, ...]
    folders: tuple[str, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class Restored:
    """A restore: which backup, and the folder with what stood there before; None if nothing did."""

    manifest: Manifest
    aside: Path | None


def back_up(settings: Settings, folder: Path | None, *, now: datetime) -> tuple[Path, Manifest]:
    """Copy the warehouse while nobody writes it, with its models and state; says where it is.

    Args:
        settings: home and target.
        folder: the backup, which must not exist; by default one named after `now` in the home.
        now: when it is made (UTC).

    Raises:
        BackupFailed: the folder is there, or the disk does not take it.
        WarehouseMissing, WarehouseBusy, NotAFile: there is nothing that could be copied.
    """
    # asked first: on an engine without files nothing is made, not even a folder
    own = engine(settings)
    own.files()
    folder = (folder or settings.backups_dir / f"{now:{STAMP}}").expanduser().resolve()
    if folder.exists():
        raise BackupFailed(f"{folder} is there already: name another folder")
    try:
        with _made_whole(folder) as fresh:
            with own.copied(fresh):
                for part in state(settings):
                    _copy(part, fresh / part.relative_to(settings.home))
            manifest = _described(settings, fresh, now)
            text = json.dumps(asdict(manifest), indent=2)
            (fresh / MANIFEST).write_text(text, encoding="utf-8")
            files.flush(fresh / MANIFEST)
    except OSError as error:
        raise BackupFailed(f"no backup was made in {folder}: {error}") from error
    return folder, manifest


def restore(settings: Settings, folder: Path, *, force: bool, now: datetime) -> Restored:
    """Put a backup in place of the warehouse, once all of it is found to be as it was made.

    Each part is switched by a rename, the warehouse last; what stood there is kept aside. Killed
    in between, it is to be run again.

    Raises:
        RestoreRefused: no backup, a broken one, one of another warehouse, or, without `force`, a
            warehouse that is there; nothing was changed.
        WarehouseBusy: somebody writes the warehouse; likewise.
        NotAFile: likewise.
    """
    own = engine(settings)
    places = (*state(settings), *reversed(own.files()))
    folder = folder.expanduser().resolve()
    manifest = read_manifest(folder)
    _check(settings, folder, manifest)
    standing = [place for place in places if place.exists()]
    if standing and not force:
        raise RestoreRefused(
            f"{standing[-1]} is there: --force puts the backup in its place and keeps it aside"
        )
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        staged = stack.enter_context(_staged(home, folder, manifest))
        if own.files()[0].is_file():
            # what cannot be opened any more has no writer, and is why somebody restores
            with suppress(QueryFailed):
                stack.enter_context(own.held())
        aside = home / "replaced" / settings.world / f"{now:{STAMP}}"
        for place in places:
            _switch(place, staged / place.relative_to(home), aside / place.relative_to(home))
    return Restored(manifest, aside if standing else None)


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        RestoreRefused: there is none, or it cannot be understood.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise RestoreRefused(
                f"{folder} is a backup of format {found['format']}, which this version does not "
                f"read: restore it with version {found['project_version']}"
            )
        found["files"] = tuple(BackedUpFile(**file) for file in found["files"])
        found["folders"] = tuple(found["folders"])
        return Manifest(**found)
    except FileNotFoundError:
        raise RestoreRefused(f"{folder} is no backup: it has no {MANIFEST}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise RestoreRefused(f"{folder / MANIFEST} cannot be read: {error}") from error


def state(settings: Settings) -> tuple[Path, ...]:
    """What belongs to a warehouse beside its files: dlt's state, models, what it was built from."""
    return (
        settings.dlt_dir,
        settings.models_dir,
        settings.dbt_dir / "built" / settings.world,
        settings.snapshots_dir,
    )


@contextmanager
def _made_whole(folder: Path) -> Iterator[Path]:
    """A folder to be filled, renamed to `folder` at the end, removed if anything fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    files.remove_leftovers(folder)
    fresh = files.unfinished(folder)
    fresh.mkdir()
    try:
        yield fresh
        fresh.rename(folder)
        files.flush(folder.parent)
    finally:
        files.remove(fresh)


@contextmanager
def _staged(home: Path, folder: Path, manifest: Manifest) -> Iterator[Path]:
    """The backup's files beside their places, each compared with the manifest; then removed."""
    target = home / "restored"
    files.remove_leftovers(target)
    fresh = files.unfinished(target)
    try:
        _stage(fresh, folder, manifest)
        yield fresh
    finally:
        files.remove(fresh)


def _stage(fresh: Path, folder: Path, manifest: Manifest) -> None:
    try:
        for name in ("", *manifest.folders):
            (fresh / name).mkdir(parents=True, exist_ok=True)
        for file in manifest.files:
            copy = fresh / file.path
            shutil.copyfile(folder / file.path, copy)
            if files.sha256(copy) != file.sha256:
                raise RestoreRefused(_broken(folder / file.path, "another content"))
            files.flush(copy)
    except OSError as error:
        raise RestoreRefused(f"{folder} was not restored: {error}") from error


def _check(settings: Settings, folder: Path, manifest: Manifest) -> None:
    """Refuse what is of another warehouse or not whole, before anything is copied."""
    if manifest.target != settings.world:
        raise RestoreRefused(
            f"{folder} is a backup of {manifest.target}, not of {settings.world}: "
            "choose the target with --target"
        )
    for name in (*manifest.folders, *(file.path for file in manifest.files)):
        if not (folder / name).resolve().is_relative_to(folder):
            raise RestoreRefused(f"{folder / name} lies outside the backup")
    for file in manifest.files:
        path = folder / file.path
        if not path.is_file():
            raise RestoreRefused(_broken(path, "missing"))
        if path.stat().st_size != file.size:
            raise RestoreRefused(_broken(path, f"{path.stat().st_size} bytes, not {file.size}"))


def _broken(path: Path, what: str) -> str:
    return f"{path} is not as it was backed up ({what}): nothing was restored; take another backup"


def _switch(place: Path, staged: Path, aside: Path) -> None:
    """Keep what stands at a place aside, and put the new one there, if there is one."""
    log = place.with_name(place.name + LOG)
    for old in (log, place):
        if old.exists():
            aside.parent.mkdir(parents=True, exist_ok=True)
            kept = aside.with_name(old.name)
            # a second name: the place of a file is never empty, so that no run begins a new one
            if old.is_file() and old == place and staged.is_file():
                kept.hardlink_to(old)
            else:
                old.rename(kept)
    if staged.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(place)
        files.flush(place.parent)


def _copy(part: Path, copy: Path) -> None:
    if part.is_dir():
        ignored = shutil.ignore_patterns(f"*{files.UNFINISHED}")
        shutil.copytree(part, copy, ignore=ignored)
    elif part.is_file():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part, copy)


def _described(settings: Settings, folder: Path, now: datetime) -> Manifest:
    everything = sorted(folder.rglob("*"))
    found = [path for path in everything if path.is_file()]
    for path in everything:
        files.flush(path)
    return Manifest(
        created_at=now.isoformat(),
        target=settings.world,
        project_version=version("nba-props"),
        git_sha=git_sha(),
        latest_run=_latest_run(settings.model_copy(update={"home": folder})),
        files=tuple(
            BackedUpFile(
                path.relative_to(folder).as_posix(), path.stat().st_size, files.sha256(path)
            )
            for path in found
        ),
        folders=tuple(path.relative_to(folder).as_posix() for path in everything if path.is_dir()),
    )


def _latest_run(copied: Settings) -> dict[str, Any] | None:
    """The last run of the copy's ledger, which also shows that the copy can be read."""
    if not warehouse.relation_exists(copied, "raw_runs.runs"):
        return None
    rows = warehouse.query(
        copied,
        """
        select run_id, command, status, as_of
        from raw_runs.runs
        order by started_at desc, run_id desc
        limit 1
        """,
    ).to_pylist()
    return {name: str(value) for name, value in rows[0].items()} if rows else None
