"""Google's client, bounded: in the bytes of a query, in each request, and in all retries."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from concurrent.futures import TimeoutError as JobTimedOut
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import google.auth
import requests
from google.api_core.exceptions import Forbidden, GoogleAPICallError, NotFound, Unauthorized
from google.api_core.exceptions import RetryError as RetriesExhausted
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession
from google.cloud import bigquery
from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY, DEFAULT_RETRY
from google.oauth2.credentials import Credentials as TokenCredentials
from google.oauth2.service_account import Credentials as ServiceAccountCredentials

from loaders.errors import (
    QueryFailed,
    WarehouseBusy,
    WarehouseError,
    WarehouseMissing,
    WarehouseNotConfigured,
    WarehouseRefused,
    WarehouseUnreachable,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.engines.base import Parameters
    from loaders.settings import Settings

log = logging.getLogger(__name__)

SCOPES = ("https://www.googleapis.com/auth/bigquery",)
# bool stands before int, and datetime before date: the first is a kind of the second
PARAMETER_TYPES = (
    (bool, "BOOL"),
    (int, "INT64"),
    (float, "FLOAT64"),
    (datetime, "TIMESTAMP"),
    (date, "DATE"),
    (str, "STRING"),
)
# Whatever these statuses mean, the next try may go well.
PASSING = (429, 500, 502, 503, 504)
FIRST_PAUSE = 0.25
UPLOADS = "/upload/"


def execute(settings: Settings, sql: str, parameters: Parameters = ()) -> Any:
    """Run a statement, which may write, with values for its `?`; returns Google's row iterator.

    Raises: the errors of `told`.
    """
    with told(settings):
        config = bigquery.QueryJobConfig(query_parameters=[_parameter(one) for one in parameters])
        return client(settings).query_and_wait(sql, job_config=config)


def select(settings: Settings, sql: str, parameters: Parameters = ()) -> pa.Table:
    """Rows of a select, over the Storage API where it is there, over REST otherwise.

    Raises: the errors of `told`.
    """
    rows = execute(settings, sql, parameters)
    try:
        with told(settings):
            return rows.to_arrow()
    except WarehouseRefused as error:
        log.warning("rows come over REST, which is slower: %s", error)
    rows = execute(settings, sql, parameters)
    with told(settings):
        return rows.to_arrow(create_bqstorage_client=False)


def load_job(settings: Settings, job_id: str) -> Any | None:
    """A job that was begun earlier; None where there is none of that id."""
    try:
        return client(settings).get_job(job_id)
    except NotFound:
        return None


def table(settings: Settings, name: str) -> bigquery.Table | None:
    """A table or view by `dataset.name`; None where there is none."""
    with told(settings):
        try:
            return client(settings).get_table(f"{settings.bigquery_project}.{name}")
        except NotFound:
            return None


def tables(settings: Settings, dataset: str) -> list[str]:
    """Names of the tables and views of a dataset; none where there is no such dataset."""
    with told(settings):
        try:
            listed = client(settings).list_tables(f"{settings.bigquery_project}.{dataset}")
            return sorted(one.table_id for one in listed)
        except NotFound:
            return []


def make_dataset(settings: Settings, dataset: str) -> None:
    """Make a dataset where there is none of its name."""
    with told(settings):
        client(settings).create_dataset(f"{settings.bigquery_project}.{dataset}", exists_ok=True)


@lru_cache(maxsize=8)
def client(settings: Settings) -> bigquery.Client:
    """The client of these settings, one a process; dlt's loads go through it too.

    Raises: WarehouseNotConfigured (no credentials).
    """
    return _Client(settings)


class _Client(bigquery.Client):
    def __init__(self, settings: Settings) -> None:
        endpoint = settings.bigquery_api_endpoint
        credentials = _credentials(settings)
        super().__init__(
            project=settings.bigquery_project,
            credentials=credentials,
            location=settings.bigquery_location,
            client_options={"api_endpoint": endpoint} if endpoint else None,
            default_query_job_config=bigquery.QueryJobConfig(
                maximum_bytes_billed=settings.bigquery_maximum_bytes_billed
            ),
            # dlt waits for a load job until it ends
            default_load_job_config=bigquery.LoadJobConfig(
                job_timeout_ms=settings.bigquery_job_timeout_seconds * 1000
            ),
            _http=_Session(settings, credentials),
        )
        self._is_google = endpoint is None
        deadline = settings.bigquery_retry_deadline_seconds
        job_retry = DEFAULT_JOB_RETRY.with_timeout(deadline)
        self._bounds = {
            "retry": DEFAULT_RETRY.with_timeout(deadline),
            "job_retry": job_retry if settings.bigquery_job_retries else None,
            "wait_timeout": settings.bigquery_job_timeout_seconds,
        }

    def query_and_wait(self, query: str, **options: Any) -> Any:
        """Google's `query_and_wait`, which by itself would wait and try again for an hour."""
        return super().query_and_wait(query, **(self._bounds | options))

    def _ensure_bqstorage_client(self, *arguments: Any, **options: Any) -> Any:
        # rows come over the Storage API if there is one; another endpoint than Google's has none
        if self._is_google:
            return super()._ensure_bqstorage_client(*arguments, **options)
        return None


class _Session(AuthorizedSession):
    """Sends each request until it is answered, or until the deadline has passed.

    Here and not in the client, because uploads pass the client's own retries by. What it raises
    is none of the errors that Google's and dlt's retries know, so it ends those too.
    """

    def __init__(self, settings: Settings, credentials: Credentials) -> None:
        super().__init__(credentials, refresh_timeout=settings.bigquery_http_timeout_seconds)
        self._settings = settings
        self._gave_up_at = float("-inf")

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> requests.Response:
        """As `requests.Session.request`. Raises: WarehouseUnreachable."""
        settings = self._settings
        is_upload = UPLOADS in url
        options["timeout"] = (
            settings.bigquery_job_timeout_seconds
            if is_upload
            else settings.bigquery_http_timeout_seconds
        )
        started = time.monotonic()
        deadline = settings.bigquery_retry_deadline_seconds
        # what did not answer a moment ago is asked once, not for the whole time again
        give_up_at = started + (deadline if started - self._gave_up_at > deadline else 0)
        pause = FIRST_PAUSE
        while True:
            try:
                response = super().request(method, url, *arguments, **options)
                if response.status_code not in PASSING:
                    self._gave_up_at = float("-inf")
                    return response
                reason = f"it answers with status {response.status_code}"
            except (requests.ConnectionError, requests.Timeout, TransportError) as error:
                reason = type(error).__name__
            if time.monotonic() + pause > give_up_at:
                self._gave_up_at = time.monotonic()
                raise WarehouseUnreachable(
                    f"BigQuery at {url.split('/')[2]} does not answer ({reason}), asked for "
                    f"{self._gave_up_at - started:.0f} s: see whether the network and the "
                    "endpoint are up, then run again; what was begun heals by itself"
                )
            time.sleep(pause * random.uniform(0.5, 1))
            pause *= 2


@contextmanager
def told(settings: Settings) -> Iterator[None]:
    """Say what Google's libraries raise in one line of ours, with the remedy and no secret.

    Raises: WarehouseMissing, WarehouseBusy, WarehouseRefused, WarehouseUnreachable, QueryFailed.
    """
    try:
        yield
    except (GoogleAPICallError, GoogleAuthError, RetriesExhausted) as error:
        cause = getattr(error, "cause", None) or error
        kind, remedy = _meaning(cause)
        text = settings.scrubbed(f"BigQuery: {_words(cause)}")
        raise kind(f"{text}: {remedy}" if remedy else text) from error
    except JobTimedOut as error:
        raise QueryFailed(
            f"BigQuery: a query took longer than {settings.bigquery_job_timeout_seconds} s and "
            "was called off: narrow it, or raise NBA_PROPS_BIGQUERY_JOB_TIMEOUT_SECONDS"
        ) from error


def _meaning(error: Exception) -> tuple[type[WarehouseError], str]:
    """Which error of ours it is, and what helps."""
    text = str(error)
    if isinstance(error, NotFound):
        return WarehouseMissing, "build it first, or look for a slip in its name"
    if "bytes billed" in text:
        return QueryFailed, "narrow it, or raise NBA_PROPS_BIGQUERY_MAXIMUM_BYTES_BILLED"
    if "concurrent update" in text or _reason(error) in ("rateLimitExceeded", "quotaExceeded"):
        return WarehouseBusy, "wait for what else is running, then run again"
    if isinstance(error, Forbidden):
        roles = "BigQuery Data Editor, Job User and Read Session User"
        return WarehouseRefused, f"the account needs the roles {roles}"
    if isinstance(error, Unauthorized | GoogleAuthError):
        log_in = "gcloud auth application-default login"
        return WarehouseRefused, f"log in ({log_in}), or see to the key file or the token"
    if isinstance(error, RetriesExhausted):
        return WarehouseUnreachable, "run again later"
    return QueryFailed, ""


def _reason(error: Exception) -> str:
    """BigQuery's own short name of what is wrong."""
    errors = getattr(error, "errors", None) or [{}]
    return errors[0].get("reason", "")


def _words(error: Exception) -> str:
    """What the engine says, on one line, without the address that was asked."""
    text = getattr(error, "message", None) or str(error)
    said = text.strip().splitlines()[0]
    return said.partition("prettyPrint=false: ")[2] or said


def _credentials(settings: Settings) -> Credentials:
    method = settings.bigquery_method
    if method == "service-account":
        keyfile = settings.bigquery_keyfile
        if keyfile is None or not keyfile.is_file():
            raise WarehouseNotConfigured(
                "the method service-account needs a key file: set NBA_PROPS_BIGQUERY_KEYFILE "
                f"(it is {keyfile or 'not set'})"
            )
        return ServiceAccountCredentials.from_service_account_file(str(keyfile), scopes=SCOPES)
    if method == "oauth-secrets":
        if settings.bigquery_token is None:
            raise WarehouseNotConfigured(
                "the method oauth-secrets needs a token: "
                "set DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN"
            )
        return TokenCredentials(settings.bigquery_token.get_secret_value())
    if settings.bigquery_api_endpoint is not None:
        return AnonymousCredentials()
    try:
        credentials, _ = google.auth.default(SCOPES, quota_project_id=settings.bigquery_project)
    except DefaultCredentialsError as error:
        raise WarehouseNotConfigured(
            "no credentials for BigQuery: gcloud auth application-default login, "
            "or another NBA_PROPS_BIGQUERY_METHOD"
        ) from error
    return credentials


def _parameter(value: Any) -> bigquery.ScalarQueryParameter | bigquery.ArrayQueryParameter:
    if isinstance(value, list | tuple):
        return bigquery.ArrayQueryParameter(None, _type_of(value[0] if value else ""), list(value))
    return bigquery.ScalarQueryParameter(None, _type_of(value), value)


def _type_of(value: Any) -> str:
    if value is None:
        return "STRING"
    if isinstance(value, datetime) and value.tzinfo is None:
        raise QueryFailed(f"{value} has no time zone: an instant in a statement needs one")
    found = next((name for kind, name in PARAMETER_TYPES if isinstance(value, kind)), None)
    if found is None:
        raise QueryFailed(f"{value!r} is nothing that a statement can take")
    return found


@contextmanager
def bounded_retries(seconds: float) -> Iterator[None]:
    """Whoever asks without a retry of his own gives up after `seconds`, as dbt's inserts of jobs.

    Their retry is the default of an argument, so that only the object itself can be told.
    """
    before = DEFAULT_RETRY._timeout
    DEFAULT_RETRY._timeout = seconds
    try:
        yield
    finally:
        DEFAULT_RETRY._timeout = before
