"""balldontlie's parameters and cursor paging."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np

from .league import WORLD_FIRST_DAY
from .reply import Query, Refusal, Reply

MOST_PER_PAGE, USUAL_PER_PAGE = 100, 25


def bad_parameter(text: str) -> Refusal:
    """The 400 that names a parameter's fault."""
    return Refusal(Reply(400, {"error": text}))


def day_offset(text: str) -> int:
    """Day offset of `YYYY-MM-DD`; Refusal 400 for anything else."""
    try:
        return (date.fromisoformat(text) - WORLD_FIRST_DAY).days
    except ValueError as error:
        raise bad_parameter(f"Invalid date: {text}") from error


def numbers(query: Query, name: str) -> list[int]:
    """Integers of a repeated parameter; Refusal 400 for anything else."""
    try:
        return [int(text) for text in query.get(name, [])]
    except ValueError as error:
        raise bad_parameter(f"Invalid {name}") from error


def one(rows: list[dict[str, Any]], identity: str) -> Reply:
    """The row with that id, or 404."""
    for row in rows:
        if str(row["id"]) == identity:
            return Reply(200, {"data": row})
    return Reply(404, {"error": "Not found"})


def page(
    rows: Sequence[int] | np.ndarray,
    keys: Sequence[int] | np.ndarray,
    query: Query,
    make: Callable[[int], dict[str, Any]],
) -> Reply:
    """A page of rows after the cursor (the last key of the page before); keys ascend."""
    size = (numbers(query, "per_page") or [USUAL_PER_PAGE])[-1]
    cursor = (numbers(query, "cursor") or [0])[-1]
    if not 1 <= size <= MOST_PER_PAGE:
        raise bad_parameter(f"per_page must be between 1 and {MOST_PER_PAGE}")
    start = int(np.searchsorted(np.asarray(keys), cursor, side="right")) if len(rows) else 0
    meta = {"per_page": size}
    if start + size < len(rows):
        meta = {"next_cursor": int(keys[start + size - 1]), **meta}
    data = [make(int(row)) for row in rows[start : start + size]]
    return Reply(200, {"data": data, "meta": meta})
