"""Files and folders that are there whole or not at all: made under another name, then renamed."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

UNFINISHED = ".unfinished"


def unfinished(target: Path) -> Path:
    """The name under which this process makes a new `target`."""
    return target.with_name(f"{target.name}.{os.getpid()}{UNFINISHED}")


def remove_leftovers(target: Path) -> None:
    """Remove what killed makers of `target` left; one that is still at work keeps its own."""
    for leftover in target.parent.glob(f"{target.name}.*{UNFINISHED}*"):
        owner = leftover.name.removeprefix(f"{target.name}.").split(".")[0]
        if not (owner.isdigit() and int(owner) != os.getpid() and is_alive(int(owner))):
            remove(leftover)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all in it; nothing where there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Have the disk hold what was written, so that a rename cannot outrun its content."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Hex digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_alive(process: int) -> bool:
    """Whether a process of this number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
