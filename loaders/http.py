"""One small HTTP layer for all providers: paced, retried by dlt, and silent about keys."""

from __future__ import annotations

import json
import logging
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests
from dlt.sources.helpers.requests import Client
from pydantic import SecretStr
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from loaders.errors import ContractError, TransientError
from loaders.settings import Settings

Params = Sequence[tuple[str, str]]
NO_ANSWER = 0
"""Stands for the status of a request that was never answered."""
KEY_IN_URL = re.compile(r"(apiKey=)[^&\s\"']+", re.IGNORECASE)


class RateGate:
    """At most `per_minute` calls, evenly spaced, shared by every thread."""

    def __init__(
        self,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 60.0 / per_minute
        self._clock, self._sleep = clock, sleep
        self._lock, self._next = threading.Lock(), 0.0

    def wait(self) -> None:
        """Return when the next call may start."""
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            self._next = start + self._gap
        if start > now:
            self._sleep(start - now)


@dataclass
class Usage:
    """What a session has called: requests sent, those answered with a success, how many came back
    with each status (0: no answer), the last value of each watched header, and what the calls cost
    together."""

    calls: int = 0
    answered: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    spent: int = 0
    statuses: Counter[int] = field(default_factory=Counter)

    def number(self, header: str) -> int | None:
        """A watched header as a whole number; None where it never came."""
        text = self.headers.get(header)
        return None if text is None else int(float(text))


class GatedAdapter(HTTPAdapter):
    """Sits below the retries, so that they are paced and counted too."""

    def __init__(self, gate: RateGate, usage: Usage, watch: Sequence[str], cost: str) -> None:
        super().__init__()
        self._gate, self._usage, self._watch, self._cost = gate, usage, watch, cost

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send one request when its turn has come."""
        self._gate.wait()
        self._usage.calls += 1
        try:
            response = super().send(request, **kwargs)
        except requests.RequestException:
            self._usage.statuses[NO_ANSWER] += 1
            raise
        self._usage.statuses[response.status_code] += 1
        self._usage.answered += response.ok
        self._usage.headers.update(
            {name: response.headers[name] for name in self._watch if name in response.headers}
        )
        self._usage.spent += int(float(response.headers.get(self._cost) or 0)) if self._cost else 0
        return response


class HeaderKey(AuthBase):
    """Sends the key in a header."""

    def __init__(self, name: str, key: SecretStr) -> None:
        self._name, self._key = name, key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        request.headers[self._name] = self._key.get_secret_value()
        return request


class QueryKey(AuthBase):
    """Sends the key as a query parameter, as late as possible."""

    def __init__(self, name: str, key: SecretStr) -> None:
        self._name, self._key = name, key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the parameter."""
        request.prepare_url(request.url, {self._name: self._key.get_secret_value()})
        return request


class _HideKeys(logging.Filter):
    """urllib3 logs whole addresses at DEBUG."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = KEY_IN_URL.sub(r"\1***", record.getMessage()), ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_HideKeys())


@dataclass(frozen=True)
class Answer:
    """A provider's answer: status and parsed JSON (None for an empty body, text if no JSON)."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        """Whether the status is a success."""
        return self.status < 400


class Api:
    """A provider's API: `get()` returns an answer below 500 other than 429, or raises.

    auth, secret: of a provider that wants a key. headers: sent with every request, over the usual.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        name: str,
        base_url: str,
        per_minute: float,
        auth: AuthBase | None = None,
        secret: SecretStr | None = None,
        headers: Mapping[str, str] = {},
        watch: Sequence[str] = (),
        cost: str = "",
    ) -> None:
        self.name = name
        self.usage = Usage()
        self._base_url = base_url.rstrip("/")
        self._auth, self._secret = auth, secret
        self._attempts = settings.http_max_attempts
        self._session = Client(
            raise_for_status=False,
            request_timeout=settings.http_timeout_seconds,
            request_max_attempts=settings.http_max_attempts,
            request_backoff_factor=settings.http_backoff_seconds,
            request_max_retry_delay=settings.http_max_wait_seconds,
        ).session
        self._session.headers.update({"User-Agent": settings.user_agent} | dict(headers))
        adapter = GatedAdapter(RateGate(per_minute), self.usage, watch, cost)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def get(self, path: str, params: Params = ()) -> Answer:
        """Ask for `path`; 429, 5xx and broken connections are retried first.

        Raises: TransientError after the last attempt, ContractError for a body cut short.
        """
        failure = ""
        try:
            response = self._session.get(
                f"{self._base_url}{path}", params=list(params), auth=self._auth
            )
        except requests.RequestException as error:
            failure = self.clean(f"{type(error).__name__}: {error}")
        # outside the handler: the error that knows the address must not travel as context
        if failure:
            raise TransientError(
                f"{self.name}: no complete answer from {path} in {self._attempts} attempts "
                f"({failure[:200]}); try again later."
            )
        if response.status_code == 429 or response.status_code >= 500:
            raise TransientError(
                f"{self.name}: {path} still answers {response.status_code} after "
                f"{self._attempts} attempts; try again later, or lower the request rate."
            )
        return Answer(response.status_code, self._body(path, response))

    def clean(self, text: str) -> str:
        """`text` on one line, without the key."""
        text = KEY_IN_URL.sub(r"\1***", " ".join(text.split()))
        return text.replace(self._secret.get_secret_value(), "***") if self._secret else text

    def _body(self, path: str, response: requests.Response) -> Any:
        if not response.content:
            return None
        try:
            return json.loads(response.content)
        except ValueError:
            if response.status_code >= 400:
                return self.clean(response.text[:200])
        if response.content.lstrip().startswith(b"<"):
            raise ContractError(
                f"{self.name}: the answer of {path} is a web page and no JSON; nothing was loaded, "
                "try again."
            )
        raise ContractError(
            f"{self.name}: the answer of {path} is no complete JSON "
            f"({len(response.content)} bytes); nothing was loaded, try again."
        )


def error_field(body: Any, name: str) -> str:
    """A text field of an error body, blank where there is none."""
    value = body.get(name) if isinstance(body, Mapping) else None
    return value if isinstance(value, str) else ""
