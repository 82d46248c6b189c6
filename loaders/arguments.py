"""Checks of what a person asked for, made before anything is requested or opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from loaders.errors import BadArgument


def as_date(value: date | str) -> date:
    """A calendar date from a date or from `YYYY-MM-DD`. Raises: BadArgument."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadArgument(f"{value!r} is no date; write it as YYYY-MM-DD.") from None
    if isinstance(value, datetime) or not isinstance(value, date):
        raise BadArgument(f"{value!r} is no calendar date; write it as YYYY-MM-DD.")
    return value


def check_range(start: date | str, end: date | str) -> tuple[date, date]:
    """Both ends of a range of dates, in order. Raises: BadArgument."""
    first, last = as_date(start), as_date(end)
    if first > last:
        raise BadArgument(f"The range is reversed: {first} is after {last}; swap --from and --to.")
    return first, last


def check_names(kind: str, given: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """`given` without repetitions, if it is not empty and all known. Raises: BadArgument."""
    if isinstance(given, str):
        raise BadArgument(f"{given!r} is text; give a list of {kind}s.")
    if not given:
        raise BadArgument(f"The list of {kind}s is empty; there are: {', '.join(known)}.")
    if unknown := sorted(set(given) - set(known)):
        raise BadArgument(f"Unknown {kind} {', '.join(unknown)}; there are: {', '.join(known)}.")
    return tuple(dict.fromkeys(given))
