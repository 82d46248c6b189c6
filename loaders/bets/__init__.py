"""Bets that users placed themselves: one at a time, or as a CSV file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loaders.bets.tables import BETS, MARKETS, SIDES, TABLES
from loaders.errors import BadArgument, ContractError
from loaders.pipeline import Batch, write
from loaders.records import flatten, judge
from loaders.settings import Settings
from loaders.tables import REJECTS, Column

__all__ = ["FIELDS", "MARKETS", "REQUIRED", "SIDES", "TABLES", "Entered", "enter", "read"]

SOURCE = "bets"
LINE_NUMBER = "line_number"
FIELDS = {c.name: c for c in BETS.provided}
REQUIRED = tuple(c.field for c in FIELDS.values() if c.required)


@dataclass(frozen=True)
class Refused:
    """A bet that was not entered.

    Args:
        line_number: of the file; the first line is 1.
        reason: what is wrong with it, by column.
        remedy: what those columns take.
    """

    line_number: int
    reason: str
    remedy: str


@dataclass(frozen=True)
class Entered:
    """What came of the bets that were given.

    Args:
        given: valid ones, each once.
        new: of these, how many were not known before.
        refused: kept in raw_bets.rejects, in the order of the file.
        unknown_fields: columns that nobody declared; they are not loaded.
    """

    given: int
    new: int
    refused: tuple[Refused, ...]
    unknown_fields: tuple[str, ...]


def read(path: Path) -> list[dict[str, str | int | None]]:
    """A CSV file as records: column to text, None where nothing is written, and the line's number.

    Raises:
        BadArgument: there is no such file.
        ContractError: it is no CSV file, lacks a needed column, or a line has more or fewer values
            than there are columns.
    """
    if not path.is_file():
        raise BadArgument(f"{path} is no file.")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = csv.reader(file, strict=True)
            columns = [name.strip() for name in next(lines, [])]
            if lacking := [name for name in REQUIRED if name not in columns]:
                raise ContractError(
                    f"{path} lacks the column {', '.join(lacking)}; its first line names the "
                    f"columns: {', '.join(c.field for c in FIELDS.values())}."
                )
            rows = [(lines.line_num, values) for values in lines if values]
    except (UnicodeDecodeError, csv.Error) as error:
        raise ContractError(f"{path} is no CSV file in UTF-8: {error}.") from error
    if uneven := [(number, len(one)) for number, one in rows if len(one) != len(columns)]:
        number, values = uneven[0]
        raise ContractError(
            f"{path}, line {number}: {values} values under {len(columns)} columns; nothing was "
            "entered. Put a value that holds a comma into quotes."
        )
    return [
        {LINE_NUMBER: number, **dict(zip(columns, (v.strip() or None for v in one), strict=True))}
        for number, one in rows
    ]


def enter(
    settings: Settings,
    records: Sequence[Mapping[str, str | int | None]],
    *,
    clock: Callable[[], datetime],
) -> Entered:
    """Enter bets; those that are known already are left as they are, bad ones set aside.

    records: by the columns of a file, as `read` gives them.

    Raises: LoadError, WarehouseError. Nothing is entered then.
    """
    flat = flatten(records, BETS, ignored=(LINE_NUMBER,))
    split = judge(flat, BETS, captured_at=clock())
    batches = [Batch(BETS, split.valid), Batch(REJECTS, split.rejects)]
    _, changed = write(settings, SOURCE, batches)
    payloads = [json.loads(one) for one in split.rejects["payload"].to_pylist()]
    refused = [
        Refused(payload.get(LINE_NUMBER, 1), reason, _remedy(reason))
        for payload, reason in zip(payloads, split.rejects["reason"].to_pylist(), strict=True)
    ]
    return Entered(
        given=split.valid.num_rows,
        new=changed[BETS.name],
        refused=tuple(sorted(refused, key=lambda one: one.line_number)),
        unknown_fields=flat.unknown_fields,
    )


def _remedy(reason: str) -> str:
    """What the columns take that a reason names."""
    named = [part.partition(":")[0] for part in reason.split("; ")]
    return " ".join(_takes(FIELDS[name]) for name in dict.fromkeys(named) if name in FIELDS)


def _takes(column: Column) -> str:
    return f"{column.field}: {column.description}"
