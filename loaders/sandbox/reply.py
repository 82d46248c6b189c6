"""An answer before it becomes bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Query = dict[str, list[str]]


@dataclass
class Reply:
    """HTTP status, body (text is sent as it is, everything else as JSON) and extra headers."""

    status: int
    body: Any
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A request that is answered with an error; carries the reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"{reply.status}")
        self.reply = reply
