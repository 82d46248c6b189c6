"""Asks The Odds API, and decides on its `error_code` what an error means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from loaders.errors import (
    AccessDenied,
    BadArgument,
    ContractError,
    LoadError,
    MissingKey,
    QuotaExhausted,
)
from loaders.http import Answer, Api, Params, QueryKey, error_field
from loaders.settings import Settings

REMAINING, USED, LAST = "x-requests-remaining", "x-requests-used", "x-requests-last"
GONE = ("EVENT_NOT_FOUND", "HISTORICAL_MARKETS_UNAVAILABLE_AT_DATE")
KEY_CODES = ("MISSING_KEY", "INVALID_KEY", "DEACTIVATED_KEY")


class Snapshot(NamedTuple):
    """Data with the time the provider gives it, None for live data."""

    data: Any
    timestamp: str | None


def make_api(settings: Settings) -> Api:
    """The API of the settings' key and rate. Raises: MissingKey."""
    key = settings.odds_api_key
    if key is None:
        raise MissingKey(
            "No key for The Odds API is set; put it into the variable ODDS_API_KEY "
            "(a free one: the-odds-api.com)."
        )
    return Api(
        settings,
        name="The Odds API",
        base_url=settings.odds_api_url,
        auth=QueryKey("apiKey", key),
        secret=key,
        per_minute=settings.odds_api_requests_per_minute,
        watch=(REMAINING, USED, LAST),
        cost=LAST,
    )


def ask(
    api: Api, settings: Settings, path: str, params: Params, snapshot_at: datetime | None
) -> Snapshot | None:
    """What `/sports/<sport><path>` holds, now or in history; None for an event that is gone.

    Raises: QuotaExhausted, AccessDenied, BadArgument, TransientError, ContractError, LoadError.
    """
    history = "/historical" if snapshot_at else ""
    moment = [("date", iso(snapshot_at))] if snapshot_at else []
    address = f"/v4{history}/sports/{settings.odds_api_sport}{path}"
    answer = api.get(address, [*params, *moment])
    if not answer.ok:
        return _explain(api, address, answer)
    if not snapshot_at:
        return Snapshot(answer.body, None)
    if answer.body is None:
        return Snapshot(None, iso(snapshot_at))
    if not isinstance(answer.body, Mapping) or not isinstance(answer.body.get("timestamp"), str):
        raise ContractError(f"The Odds API: the answer of {address} has no timestamp.")
    return Snapshot(answer.body.get("data"), answer.body["timestamp"])


def iso(moment: datetime) -> str:
    """A time as the provider takes it: UTC, Z, no fractions."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _explain(api: Api, address: str, answer: Answer) -> None:
    code, said = error_field(answer.body, "error_code"), error_field(answer.body, "message")
    said = api.clean(said or str(answer.body or ""))[:200]
    if code in GONE:
        return
    if code == "OUT_OF_USAGE_CREDITS":
        raise QuotaExhausted(
            "The Odds API: the credits are used up; nothing was loaded. They are reset on the 1st "
            "of the month, a larger plan helps at once."
        )
    if code in KEY_CODES:
        raise AccessDenied(
            f"The Odds API refuses the key in ODDS_API_KEY ({code}); check it on the-odds-api.com."
        )
    if code == "HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN":
        raise AccessDenied("The Odds API serves history to paid plans only; this key has none.")
    if answer.status in (401, 403):
        raise AccessDenied(f"The Odds API refuses {address} ({answer.status} {code}): {said}")
    if answer.status in (404, 422):
        raise BadArgument(f"The Odds API rejects {address} ({answer.status} {code}): {said}")
    raise LoadError(f"The Odds API answers {address} with {answer.status} {code}: {said}")
