"""Failures that the server can be told to show, switched on while it runs and counted."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal, get_args

from .odds_parameters import refusal
from .reply import Query, Reply

Kind = Literal[
    "http_429",  # too many requests, with Retry-After
    "http_500",
    "http_503",
    "truncated_body",  # the connection closes before the announced length
    "truncated_json",  # well framed, but the JSON stops in the middle
    "slow",  # the answer comes after `seconds`
    "missing_page",  # 500 on requests that carry a cursor
    "lost_cursor",  # a page without meta
    "duplicate_page",  # the same page twice, with an advancing cursor
    "null_price",  # price null in the first outcome of every market
    "null_odds",  # a bookmaker entry {"odds": null} before the others
    "text_number",  # a word where a number of the first stat row belongs
    "access_denied",  # 403, as a file server refuses
    "web_page",  # 200 with HTML
    "empty_body",  # 200 with nothing
    "out_of_credits",  # 401 OUT_OF_USAGE_CREDITS on paths that cost
]
EVER = None
DUPLICATE_MARK = 10**12


@dataclass
class Fault:
    """One failure: on which paths (a glob), how many times (None = for ever), since switched on.

    `cursor` limits it to requests with that cursor; `seconds` is the wait of `slow`,
    `retry_after` the header of `http_429` (None = no such header).
    """

    kind: Kind
    path: str = "*"
    times: int | None = 1
    cursor: int | None = None
    seconds: float = 1.0
    retry_after: int | None = 1
    fired: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"unknown fault {self.kind!r}; there are {', '.join(get_args(Kind))}")

    def hits(self, path: str, query: Query) -> bool:
        """Whether this request is to fail."""
        if self.times is not None and self.fired >= self.times:
            return False
        cursor = (query.get("cursor") or [None])[-1]
        if self.cursor is not None and cursor != str(self.cursor):
            return False
        if self.kind == "missing_page" and cursor is None:
            return False
        return fnmatch(path, self.path)


@dataclass
class Faults:
    """The list of failures; safe to change while the server answers."""

    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, fault: Fault) -> Fault:
        """Switch a failure on; the returned object counts how often it fired."""
        with self._lock:
            self.faults.append(fault)
        return fault

    def clear(self) -> None:
        """Switch all failures off; the counts stay."""
        with self._lock:
            self.faults.clear()

    def take(self, path: str, query: Query) -> list[Fault]:
        """The failures of this request, each counted as fired."""
        with self._lock:
            hit = [fault for fault in self.faults if fault.hits(path, query)]
            # Of several failures that replace the answer only the first one happens.
            whole = [fault for fault in hit if fault.kind in REPLACING]
            hit = [fault for fault in hit if fault.kind not in REPLACING or fault is whole[0]]
            for fault in hit:
                fault.fired += 1
                self.counts[fault.kind] += 1
        return hit


REPLACING = ("http_429", "http_500", "http_503", "missing_page", "out_of_credits", "access_denied",
             "web_page", "empty_body")  # fmt: skip
BODIES = {
    "access_denied": (403, "<Error><Code>AccessDenied</Code></Error>"),
    "web_page": (200, "<!DOCTYPE html><html><body>We will be right back.</body></html>"),
    "empty_body": (200, ""),
}


def replacement(fault: Fault, path: str) -> Reply | None:
    """The error sent instead of the answer, or None when the answer is only spoilt."""
    odds = path.startswith("/v4/")
    if fault.kind == "http_429":
        wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
        body = refusal("EXCEEDED_FREQ_LIMIT").reply.body if odds else {"error": "Too many requests"}
        return Reply(429, body, wait)
    if fault.kind in ("http_500", "http_503", "missing_page"):
        return Reply(503 if fault.kind == "http_503" else 500, {"error": "Internal server error"})
    if fault.kind in BODIES:
        return Reply(*BODIES[fault.kind])
    if fault.kind == "out_of_credits":
        reply = refusal("OUT_OF_USAGE_CREDITS").reply
        reply.headers = {"x-requests-remaining": "0", "x-requests-last": "0"}
        return reply
    return None


def real_cursor(query: Query) -> Query:
    """Undo the mark that `duplicate_page` puts on a cursor."""
    cursor = (query.get("cursor") or [""])[-1]
    if not cursor.isdigit() or int(cursor) < DUPLICATE_MARK:
        return query
    return {**query, "cursor": [str(int(cursor) - DUPLICATE_MARK)]}


def spoil(fault: Fault, body: Any, query: Query) -> Any:
    """A changed copy of a good body."""
    body = copy.deepcopy(body)
    if fault.kind == "lost_cursor":
        body.pop("meta", None)
    elif fault.kind == "duplicate_page" and "meta" in body:
        # The marked cursor leads to this very page once more, and from there on.
        here = int((query.get("cursor") or ["0"])[-1])
        body["meta"]["next_cursor"] = DUPLICATE_MARK + here
    elif fault.kind == "text_number" and {"data", "game", "boxscore"} & body.keys():
        _misspell(body)
    elif fault.kind in ("null_price", "null_odds"):
        for event in _events(body):
            if fault.kind == "null_odds":
                event["bookmakers"] = [{"odds": None}, *event["bookmakers"]]
                continue
            for book in event["bookmakers"]:
                for market in book["markets"]:
                    market["outcomes"][0]["price"] = None
    return body


def _misspell(body: Any) -> None:
    """Points of the first stat row as a word."""
    if "data" in body:
        body["data"][0]["pts"] = "many"
        return
    if "game" in body:
        body["game"]["homeTeam"]["players"][0]["statistics"]["points"] = "many"
        return
    block = body["boxscore"]["players"][0]["statistics"][0]
    block["athletes"][0]["stats"][block["keys"].index("points")] = "many"


def _events(body: Any) -> list[dict[str, Any]]:
    """Events of any odds answer, also inside a historical envelope."""
    inner = body.get("data", body) if isinstance(body, dict) else body
    return inner if isinstance(inner, list) else [inner]
