"""Asks balldontlie, page by page, and says clearly why it would not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from loaders.errors import AccessDenied, BadArgument, ContractError, LoadError, MissingKey
from loaders.http import Answer, Api, HeaderKey, Params, error_field
from loaders.settings import Settings

Progress = Callable[[str], None]


def make_api(settings: Settings) -> Api:
    """The API of the settings' key and rate. Raises: MissingKey."""
    key = settings.balldontlie_api_key
    if key is None:
        raise MissingKey(
            "No balldontlie key is set; put it into the variable BALLDONTLIE_API_KEY "
            "(a free one: app.balldontlie.io)."
        )
    return Api(
        settings,
        name="balldontlie",
        base_url=settings.balldontlie_url,
        auth=HeaderKey("Authorization", key),
        secret=key,
        per_minute=settings.balldontlie_requests_per_minute,
    )


def fetch(
    api: Api,
    path: str,
    params: Params,
    *,
    page_size: int,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """All records of a list, all pages. A page without `meta.next_cursor` is the last one.

    Raises: AccessDenied, BadArgument, TransientError; ContractError where pages do not add up.
    """
    records: list[dict[str, Any]] = []
    cursors: set[str] = set()
    cursor: str | None = None
    while True:
        page = [*params, ("per_page", str(page_size))]
        answer = api.get(path, [*page, ("cursor", cursor)] if cursor else page)
        _raise_for(api, path, answer, cursor)
        data, cursor_then = _page(path, answer), cursor
        cursor = _next_cursor(answer.body)
        if cursor and not data:
            raise ContractError(
                f"balldontlie: a page of {path} (cursor {cursor_then}) came without rows although "
                "more are announced; nothing was loaded, try again."
            )
        if len(data) >= page_size and "meta" not in answer.body:
            raise ContractError(
                f"balldontlie: a full page of {path} does not say whether more follow; nothing was "
                "loaded, try again."
            )
        records += data
        if progress:
            progress(f"{path.rsplit('/', 1)[-1]}: page {len(cursors) + 1}, {len(records)} rows")
        if not cursor:
            return records
        if cursor in cursors:
            raise ContractError(
                f"balldontlie: {path} gives the cursor {cursor} twice, so its pages go in a "
                "circle; nothing was loaded, try again."
            )
        cursors.add(cursor)


def _page(path: str, answer: Answer) -> list[dict[str, Any]]:
    data = answer.body.get("data") if isinstance(answer.body, Mapping) else None
    if not isinstance(data, list) or not all(isinstance(row, Mapping) for row in data):
        raise ContractError(
            f"balldontlie: the answer of {path} has no list of records under `data`; "
            "nothing was loaded."
        )
    return data


def _next_cursor(body: Mapping[str, Any]) -> str | None:
    cursor = (body.get("meta") or {}).get("next_cursor")
    return None if cursor is None else str(cursor)


def _raise_for(api: Api, path: str, answer: Answer, cursor: str | None) -> None:
    if answer.ok:
        return
    said = api.clean(error_field(answer.body, "error") or str(answer.body or ""))[:200]
    if answer.status in (401, 403):
        if api.usage.answered:
            raise AccessDenied(
                f"balldontlie refuses {path} ({answer.status}) but answers other paths: the key's "
                "tier lacks it (stats, active players and injuries need ALL-STAR). Load only "
                "teams and games, or raise the tier."
            )
        raise AccessDenied(
            f"balldontlie refuses {path} ({answer.status}): the key in BALLDONTLIE_API_KEY is "
            "wrong, or its tier lacks this path (stats, active players and injuries need ALL-STAR)."
        )
    if answer.status == 404 and cursor:
        raise ContractError(
            f"balldontlie: the page of {path} with cursor {cursor} is missing (404); nothing was "
            "loaded, try again."
        )
    kind = BadArgument if answer.status in (400, 422) else LoadError
    raise kind(f"balldontlie answers {path} with {answer.status}: {said}")
