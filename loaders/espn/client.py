"""Asks ESPN's undocumented JSON, and says clearly why it would not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loaders.errors import AccessDenied, BadArgument, LoadError, TermsNotAccepted
from loaders.http import Answer, Api, Params, error_field
from loaders.settings import Settings

BASE = "/apis/site/v2/sports/basketball/nba"
CLAUSE = (
    "Disney Terms of Use, as we read them second-hand: no automated extraction of ESPN's content, "
    "and no commercial use of it"
)


def make_api(settings: Settings) -> Api:
    """The API of the settings' user agent and rate. Raises: TermsNotAccepted."""
    if not settings.espn_terms_accepted:
        raise TermsNotAccepted(
            f"ESPN is off, because its terms speak against this use ({CLAUSE}). Set "
            "NBA_ACCEPT_ESPN_TERMS=1 if yours is allowed, or take --source balldontlie."
        )
    return Api(
        settings,
        name="ESPN",
        base_url=settings.espn_url,
        per_minute=settings.espn_requests_per_minute,
        headers={"User-Agent": settings.espn_user_agent},
    )


def fetch(api: Api, path: str, params: Params = (), *, may_be_gone: bool = False) -> Any:
    """The answer of a path; None for what ESPN does not know (404), where that `may_be_gone`.

    Raises: AccessDenied, BadArgument, TransientError, ContractError, LoadError.
    """
    answer = api.get(f"{BASE}{path}", params)
    if answer.status == 404 and may_be_gone:
        return None
    if not answer.ok:
        _raise_for(api, path, params, answer)
    return answer.body


def _raise_for(api: Api, path: str, params: Params, answer: Answer) -> None:
    asked = f"{path} ({', '.join(f'{name}={value}' for name, value in params)})" if params else path
    said = api.clean(_message(answer.body))[:200]
    if answer.status == 400:
        raise BadArgument(
            f"ESPN does not understand {asked} (400: {said}). It takes one day or one month, and "
            "ranges of dates no longer; if that is what was asked, its parameters have changed."
        )
    if answer.status == 403:
        raise AccessDenied(
            f"ESPN refuses {asked} (403): it takes user agents of the form `name/1.0 (+https://"
            "address)` only, see NBA_PROPS_ESPN_USER_AGENT; if yours has it, this machine's "
            "address is refused. Do not ask again soon."
        )
    if answer.status == 404:
        raise LoadError(
            f"ESPN has no {asked} (404: {said}): the path is another one now, and the loader "
            "needs a new version."
        )
    raise LoadError(f"ESPN answers {asked} with {answer.status}: {said}")


def _message(body: Any) -> str:
    inner = body.get("error") if isinstance(body, Mapping) else None
    return error_field(body, "message") or error_field(inner, "message") or str(body or "")
