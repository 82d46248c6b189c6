from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from http_stub import Answer, Asked, http_server

Query = list[tuple[str, str]]
Reply = tuple[int, Any] | tuple[int, Any, dict[str, str]]


@dataclass
class Stub:
    """A tiny HTTP server: `reply(path, query)` gives status, body and perhaps headers.

    A body of bytes is sent as it is; everything else as JSON. `cut` announces more bytes than come.
    """

    reply: Callable[[str, Query], Reply] = lambda path, query: (404, {})
    asked: list[tuple[str, Query, dict[str, str]]] = field(default_factory=list)
    cut: bool = False
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


@pytest.fixture
def stub() -> Iterator[Stub]:
    state = Stub()

    def answer(asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        query = parse_qsl(parts.query)
        state.asked.append((parts.path, query, asked.headers))
        return Answer(*state.reply(parts.path, query), cut=state.cut)

    with http_server(answer) as state.url:
        yield state


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2024, 1, 10, 17, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def hours_later(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


@pytest.fixture
def clock() -> Clock:
    return Clock()
