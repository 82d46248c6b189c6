"""Asks NBA.com's static files, and says clearly why one would not come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from loaders.errors import AccessDenied, BadArgument, ContractError, LoadError, TermsNotAccepted
from loaders.http import Api, error_field
from loaders.settings import Settings

SCHEDULE = "/static/json/staticData/scheduleLeagueV2.json"
BOX_SCORE = "/static/json/liveData/boxscore/boxscore_{}.json"
PLAY_BY_PLAY = "/static/json/liveData/playbyplay/playbyplay_{}.json"
CLAUSE = (
    "nba.com/termsofuse, section 9: statistics are for news reporting or private non-commercial "
    "use with attribution; no use tied to gambling of any kind, fantasy or commercial products, "
    "and no comprehensive, regularly updated database of statistics without the league's consent"
)
# what the file server answers for a file that is not there, too
REFUSED = (403, 404)


def make_api(settings: Settings) -> Api:
    """The API of the settings' headers and rate. Raises: TermsNotAccepted."""
    if not settings.nba_com_terms_accepted:
        raise TermsNotAccepted(
            f"NBA.com is off, because its terms speak against this use ({CLAUSE}). Set "
            "NBA_ACCEPT_NBACOM_TERMS=1 if yours is allowed, or take --source balldontlie."
        )
    return Api(
        settings,
        name="NBA.com",
        base_url=settings.nba_com_url,
        per_minute=settings.nba_com_requests_per_minute,
        headers={
            "User-Agent": settings.nba_com_user_agent,
            "Referer": settings.nba_com_referer,
            "Accept": "application/json, text/plain, */*",
        },
    )


def fetch(api: Api, path: str, root: str) -> Mapping[str, Any] | None:
    """The object under `root` of a file; None for a file that is refused or not there.

    Raises: BadArgument, TransientError; ContractError where the answer is another one.
    """
    answer = api.get(path)
    if answer.status in REFUSED:
        answer = api.get(path)
    if answer.status in REFUSED:
        return None
    if not answer.ok:
        kind = BadArgument if answer.status == 400 else LoadError
        raise kind(f"NBA.com answers {path} with {answer.status}: {_said(api, answer.body)}")
    inner = answer.body.get(root) if isinstance(answer.body, Mapping) else None
    if not isinstance(inner, Mapping):
        raise ContractError(
            f"NBA.com: the answer of {path} has no object `{root}` "
            f"({_said(api, answer.body) or 'it is empty'}); nothing was loaded, try again."
        )
    return inner


def _said(api: Api, body: Any) -> str:
    return api.clean(error_field(body, "Message") or str(body or "")[:200])[:200]


def schedule(api: Api) -> Mapping[str, Any]:
    """The season's schedule: `seasonYear` and `gameDates`. Raises: AccessDenied, as `fetch`."""
    found = fetch(api, SCHEDULE, "leagueSchedule")
    if found is None:
        raise AccessDenied(
            f"NBA.com refuses {SCHEDULE} (403): it wants other headers (settings "
            "NBA_PROPS_NBA_COM_REFERER, NBA_PROPS_NBA_COM_USER_AGENT) or does not serve this "
            "network's address. Take --source balldontlie until it does."
        )
    return found
