"""ESPN, where its terms are accepted: games, box-score lines and injuries."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import pyarrow as pa

from loaders.arguments import check_names, check_range
from loaders.attempts import Attempt, Heard, attempt
from loaders.espn import records
from loaders.espn.client import fetch, make_api
from loaders.espn.records import Record
from loaders.espn.tables import BOX_SCORES, IGNORED, INJURIES, RESOURCES, SCOREBOARD, TABLES
from loaders.http import Api
from loaders.pipeline import Batch, LoadOutcome, write
from loaders.quarantine import Split
from loaders.records import flatten, judge
from loaders.settings import Settings
from loaders.tables import REJECTS

__all__ = ["ALL", "HISTORY", "TABLES", "load"]

log = logging.getLogger(__name__)

SOURCE = "espn"
ALL: tuple[str, ...] = tuple(RESOURCES)
HISTORY: tuple[str, ...] = (SCOREBOARD.name, BOX_SCORES.name)
"""The resources of which ESPN knows more than the present."""
DAY = timedelta(days=1)
Progress = Callable[[str], None]


def load(
    settings: Settings,
    *,
    start: date,
    end: date,
    clock: Callable[[], datetime],
    resources: Sequence[str] = ALL,
    progress: Progress | None = None,
    heard: Heard | None = None,
) -> list[LoadOutcome]:
    """Load games and box scores of the Eastern dates `start` to `end` (both included), and the
    injury reports as they are now.

    A request a date, and one a finished game. Everything is fetched and judged first and written
    as one load, so a failure leaves nothing. A game that ESPN has no final box score of keeps the
    one that is loaded, and is counted as skipped.
    progress: called with a line of text after each game. heard: told how the load ended.

    Raises: BadArgument, TermsNotAccepted, AccessDenied, TransientError, ContractError,
    WarehouseError.
    """
    with attempt(SOURCE, clock, heard, settings.scrubbed) as one:
        days = check_range(start, end)
        one.outcomes = _load(settings, one, days, check_names("resource", resources, ALL), progress)
    return list(one.outcomes)


def _load(
    settings: Settings,
    one: Attempt,
    days: tuple[date, date],
    wanted: Sequence[str],
    progress: Progress | None,
) -> tuple[LoadOutcome, ...]:
    api = make_api(settings)
    one.usage = api.usage
    found: dict[str, list[Record]] = {}
    answered: list[str] = []
    skipped = 0
    if {SCOREBOARD.name, BOX_SCORES.name} & set(wanted):
        with one.asking(SCOREBOARD.name):
            found[SCOREBOARD.name] = _games(api, *days)
    if BOX_SCORES.name in wanted:
        finals = [game for game in found[SCOREBOARD.name] if records.is_final(game)]
        with one.asking(BOX_SCORES.name):
            found[BOX_SCORES.name], answered = _lines(api, finals, progress)
        skipped = len(finals) - len(answered)
    if INJURIES.name in wanted:
        with one.asking(INJURIES.name):
            found[INJURIES.name] = records.injuries(fetch(api, "/injuries"))
    return _write(settings, one, days, {name: found[name] for name in wanted}, answered, skipped)


def _games(api: Api, start: date, end: date) -> list[Record]:
    days = [start + n * DAY for n in range((end - start).days + 1)]
    asked = ([("dates", f"{day:%Y%m%d}"), ("limit", "100")] for day in days)
    return [game for one in asked for game in records.games(fetch(api, "/scoreboard", one))]


def _lines(
    api: Api, finals: Sequence[Record], progress: Progress | None
) -> tuple[list[Record], list[str]]:
    """The lines of finished games, and the ids of those that have some."""
    found: dict[str, list[Record]] = {}
    for number, game in enumerate(finals, start=1):
        asked = [("event", str(game["id"]))]
        summary = fetch(api, "/summary", asked, may_be_gone=True)
        lines = None if summary is None else records.lines(game, summary)
        if lines is None:
            log.warning("espn: event %s has no final box score; it is skipped", game["id"])
        else:
            found[game["id"]] = lines
        if progress:
            progress(f"box_scores: game {number} of {len(finals)}")
    return [line for lines in found.values() for line in lines], list(found)


def _write(
    settings: Settings,
    one: Attempt,
    days: tuple[date, date],
    found: dict[str, list[Record]],
    answered: Sequence[str],
    skipped: int,
) -> tuple[LoadOutcome, ...]:
    captured_at = one.clock()
    flats = {
        name: flatten(rows, RESOURCES[name], ignored=IGNORED[name]) for name, rows in found.items()
    }
    splits = {
        name: judge(flat, RESOURCES[name], captured_at=captured_at) for name, flat in flats.items()
    }
    batches = [
        Batch(
            RESOURCES[name],
            split.valid,
            scope=_scope(*days, answered, split) if name == BOX_SCORES.name else "",
            boundary=captured_at,
        )
        for name, split in splits.items()
    ]
    rejects = pa.concat_tables([split.rejects for split in splits.values()])
    written = write(settings, SOURCE, [*batches, Batch(REJECTS, rejects)])
    return tuple(
        LoadOutcome.of(
            SOURCE,
            name,
            splits[name],
            written,
            answered=bool(rows),
            unknown_fields=flats[name].unknown_fields,
            missing_fields=flats[name].missing_fields,
            skipped=skipped if name == BOX_SCORES.name else 0,
        )
        for name, rows in found.items()
    )


def _scope(start: date, end: date, answered: Sequence[str], lines: Split) -> str:
    """SQL: where a stored line that ESPN no longer has is deleted.

    Games with a rejected line are left alone: ESPN still has that line, only spoilt.
    """
    payloads = map(json.loads, lines.rejects.column("payload").to_pylist())
    spoilt = {payload["game"]["id"] for payload in payloads}
    games = [f"'{game}'" for game in answered if game.isdecimal() and game not in spoilt]
    within = f"game_date between '{start - DAY}' and '{end + DAY}'"
    return f"{within} and game_id in ({', '.join(games) or 'null'})"
