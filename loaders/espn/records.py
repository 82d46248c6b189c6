"""Makes records of ESPN's nested answers: a game, a player's line, a player's injury each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from loaders.errors import ContractError
from loaders.espn.tables import LABELS

Record = dict[str, Any]
FINAL = "STATUS_FINAL"
# How ESPN writes that there is no value.
NOTHING = ("", "--", "-")
ID_IN_LINK = re.compile(r"/id/([0-9]+)(?:/|$)")


def games(answer: Any) -> list[Record]:
    """The games of a scoreboard, with `home`, `away`, `competition` and `headline` beside the rest.

    Raises: ContractError.
    """
    return [_game(event) for event in listed(answer, "events", "the scoreboard")]


def _game(event: Mapping[str, Any]) -> Record:
    competition = next(iter(_dicts(event.get("competitions"))), {})
    sides = {one.get("homeAway"): one for one in _dicts(competition.get("competitors"))}
    notes = [note.get("headline") for note in _dicts(competition.get("notes"))]
    return {
        **_without(event, "competitions"),
        "competition": _without(competition, "competitors"),
        **{side: sides[side] for side in ("home", "away") if side in sides},
        "headline": next((note for note in notes if note), None),
    }


def is_final(game: Record) -> bool:
    """Whether a game was played to its end; a postponed one is completed, too."""
    found = (game["competition"].get("status") or game.get("status") or {}).get("type") or {}
    return found.get("name") == FINAL and found.get("completed") is True


def lines(game: Record, summary: Any) -> list[Record] | None:
    """The box-score lines of a game, `stats` by its keys; None where there is no final box score.

    Raises: ContractError where values and keys do not fit together.
    """
    if not isinstance(summary, Mapping) or not isinstance(summary.get("boxscore"), Mapping):
        raise ContractError(
            f"ESPN: the summary of event {game['id']} has no object `boxscore`; nothing was "
            "loaded, try again."
        )
    found = [
        {"game": {"id": game["id"], "date": game["date"]}, "team": side.get("team"), **line}
        for side in _dicts(summary["boxscore"].get("players"))
        for block in _dicts(side.get("statistics"))
        for line in _lines(game["id"], block)
    ]
    return found if found and _is_over(summary) else None


def _is_over(summary: Mapping[str, Any]) -> bool:
    """The scoreboard may be ahead of the box score, which is then a part of it."""
    header = summary.get("header") or {}
    competition = next(iter(_dicts(header.get("competitions"))), {})
    said = ((competition.get("status") or {}).get("type") or {}).get("completed")
    return said is not False


def _lines(event: str, block: Mapping[str, Any]) -> Iterator[Record]:
    keys = block.get("keys")
    if not keys:
        # by its name all the same: the order of the columns has changed before
        keys = [LABELS.get(label, label) for label in block.get("labels") or ()]
    for athlete in _dicts(block.get("athletes")):
        values = athlete.get("stats") or []
        if values and len(values) != len(keys):
            who = (athlete.get("athlete") or {}).get("displayName")
            raise ContractError(
                f"ESPN: the box score of event {event} has {len(values)} values under "
                f"{len(keys)} keys for {who}; nothing was loaded."
            )
        stats = {
            key: value for key, value in zip(keys, values, strict=False) if value not in NOTHING
        }
        yield {**_without(athlete, "stats"), "stats": stats}


def injuries(answer: Any) -> list[Record]:
    """The injury reports of all teams, the oldest first; who has no id has that of his links.

    Raises: ContractError.
    """
    found = [
        {
            **report,
            "team": _without(team, "injuries"),
            "linked_id": _linked_id(report.get("athlete") or {}),
        }
        for team in listed(answer, "injuries", "the injury report")
        for report in _dicts(team.get("injuries"))
    ]
    return sorted(found, key=lambda report: str(report.get("date") or ""))


def _linked_id(athlete: Mapping[str, Any]) -> str | None:
    links = (str(link.get("href") or "") for link in _dicts(athlete.get("links")))
    return next((match[1] for link in links if (match := ID_IN_LINK.search(link))), None)


def listed(answer: Any, name: str, what: str) -> list[Mapping[str, Any]]:
    """The list under `name` of an answer. Raises: ContractError."""
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise ContractError(
            f"ESPN: {what} has no list of records under `{name}`; nothing was loaded."
        )
    return found


def _dicts(value: Any) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _without(record: Mapping[str, Any], name: str) -> Record:
    return {key: value for key, value in record.items() if key != name}
