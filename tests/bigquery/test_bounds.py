"""Whatever BigQuery answers, or does not: an error of ours with the remedy, in bounded time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.api_core.exceptions import Forbidden
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from google.cloud.bigquery_storage import BigQueryReadClient
from google.oauth2.service_account import Credentials as ServiceAccountCredentials
from here import TOKEN
from http_stub import Answer, Asked, http_server

from loaders.engines import bigquery_client, engine
from loaders.engines.bigquery_client import client
from loaders.errors import (
    QueryFailed,
    WarehouseBusy,
    WarehouseError,
    WarehouseMissing,
    WarehouseNotConfigured,
    WarehouseRefused,
    WarehouseUnreachable,
)
from loaders.settings import Settings

ANSWER = {
    "jobComplete": True,
    "jobReference": {"projectId": "p", "jobId": "j", "location": "US"},
    "schema": {"fields": [{"name": "one", "type": "INTEGER"}]},
    "rows": [{"f": [{"v": "1"}]}],
    "totalRows": "1",
}


class Stub:
    """Answers every request with `reply(number)`: a status and a body."""

    def __init__(self) -> None:
        self.reply: Callable[[int], tuple[int, dict]] = lambda number: (200, ANSWER)
        self.asked: list[tuple[str, dict]] = []
        self.url = ""


@pytest.fixture
def stub() -> Iterator[Stub]:
    state = Stub()

    def answer(asked: Asked) -> Answer:
        state.asked.append((asked.path, json.loads(asked.body or b"{}")))
        return Answer(*state.reply(len(state.asked)))

    with http_server(answer) as state.url:
        yield state


@pytest.fixture
def settings(stub: Stub, tmp_path: Path) -> Settings:
    return Settings(
        target="bigquery",
        home=tmp_path,
        bigquery_project="project-000",
        bigquery_api_endpoint=stub.url,
        bigquery_method="oauth-secrets",
        bigquery_token=TOKEN,
        bigquery_http_timeout_seconds=1,
        bigquery_job_timeout_seconds=2,
        bigquery_retry_deadline_seconds=1,
        bigquery_job_retries=0,
    )


def refusal(status: int, reason: str, message: str) -> tuple[int, dict]:
    errors = [{"reason": reason, "message": message, "domain": "global"}]
    return status, {"error": {"code": status, "message": message, "errors": errors}}


def test_an_answer_comes_and_each_query_says_what_it_may_cost(
    settings: Settings, stub: Stub
) -> None:
    assert engine(settings).query("select 1 as one").to_pylist() == [{"one": 1}]
    [(path, body)] = stub.asked
    assert path.startswith("/bigquery/v2/projects/project-000/queries")
    assert body["maximumBytesBilled"] == str(settings.bigquery_maximum_bytes_billed)
    assert body["location"] == "US"


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_what_passes_is_waited_for(settings: Settings, stub: Stub, status: int) -> None:
    stub.reply = lambda number: (200, ANSWER) if number > 1 else (status, {})
    assert engine(settings).query("select 1 as one").num_rows == 1
    assert len(stub.asked) == 2


def hang(number: int) -> tuple[int, dict]:
    time.sleep(4)
    return 200, ANSWER


@pytest.mark.parametrize(
    ("reply", "kind", "says"),
    [
        (lambda _: (503, {}), WarehouseUnreachable, "it answers with status 503"),
        (hang, WarehouseUnreachable, "does not answer.*run again"),
        (
            lambda _: refusal(403, "accessDenied", f"Access Denied: {TOKEN} may not"),
            WarehouseRefused,
            "Access Denied.*BigQuery Data Editor, Job User",
        ),
        (
            lambda _: refusal(401, "authError", "Request had invalid credentials"),
            WarehouseRefused,
            "gcloud auth application-default login",
        ),
        (
            lambda _: refusal(403, "rateLimitExceeded", "Exceeded rate limits: too many"),
            WarehouseBusy,
            "Exceeded rate limits.*run again",
        ),
        (
            lambda _: refusal(400, "invalidQuery", "Could not serialize: concurrent update"),
            WarehouseBusy,
            "concurrent update.*run again",
        ),
        (
            lambda _: refusal(
                400, "bytesBilledLimitExceeded", "Query exceeded limit for bytes billed: 1"
            ),
            QueryFailed,
            "bytes billed.*NBA_PROPS_BIGQUERY_MAXIMUM_BYTES_BILLED",
        ),
        (
            lambda _: refusal(404, "notFound", "Not found: Table p:marts.games"),
            WarehouseMissing,
            r"Not found: Table p:marts\.games.*build it first",
        ),
        (
            lambda _: (200, {**ANSWER, "jobComplete": False, "rows": []}),
            QueryFailed,
            "longer than 2 s.*NBA_PROPS_BIGQUERY_JOB_TIMEOUT_SECONDS",
        ),
    ],
)
def test_what_goes_wrong_is_told_in_one_line_in_bounded_time(
    settings: Settings, stub: Stub, reply: Callable, kind: type[WarehouseError], says: str
) -> None:
    stub.reply = reply
    started = time.monotonic()
    with pytest.raises(kind, match=says) as raised:
        engine(settings).query("select 1 as one")
    assert time.monotonic() - started < 10
    assert TOKEN not in str(raised.value)
    assert "\n" not in str(raised.value)
    assert "http:" not in str(raised.value)


def test_what_did_not_answer_just_now_is_asked_once(settings: Settings, stub: Stub) -> None:
    stub.reply = lambda _: (503, {})
    with pytest.raises(WarehouseUnreachable):
        engine(settings).query("select 1 as one")
    tries = len(stub.asked)
    assert tries > 1
    with pytest.raises(WarehouseUnreachable):
        engine(settings).exists("marts.games")
    assert len(stub.asked) == tries + 1


def test_without_the_storage_api_rows_come_over_rest(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Rows:
        def to_arrow(self, create_bqstorage_client: bool = True) -> pa.Table:
            if create_bqstorage_client:
                raise Forbidden("no permission bigquery.readsessions.create")
            return pa.table({"one": [1]})

    monkeypatch.setattr(bigquery_client, "execute", lambda *_: Rows())
    assert bigquery_client.select(settings, "select 1 as one").to_pylist() == [{"one": 1}]


def test_google_is_asked_over_the_storage_api_and_nobody_else(settings: Settings) -> None:
    google = settings.model_copy(update={"bigquery_api_endpoint": None})
    storage = client(google)._ensure_bqstorage_client()
    assert isinstance(storage, BigQueryReadClient)
    storage.transport.close()
    assert client(settings)._ensure_bqstorage_client() is None


def test_a_key_file_is_used(settings: Settings, tmp_path: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = tmp_path / "key.json"
    account = {
        "type": "service_account",
        "client_email": "loader@project-000.iam.example",
        "token_uri": "http://127.0.0.1:9/token",
        "private_key": key.decode(),
    }
    path.write_text(json.dumps(account))
    by_key = settings.model_copy(
        update={"bigquery_method": "service-account", "bigquery_keyfile": path}
    )
    credentials = client(by_key)._credentials
    assert isinstance(credentials, ServiceAccountCredentials)
    assert credentials.service_account_email == account["client_email"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"bigquery_project": None}, "NBA_PROPS_BIGQUERY_PROJECT"),
        ({"bigquery_method": "service-account"}, "NBA_PROPS_BIGQUERY_KEYFILE.*not set"),
        (
            {"bigquery_method": "service-account", "bigquery_keyfile": Path("absent.json")},
            "NBA_PROPS_BIGQUERY_KEYFILE.*absent.json",
        ),
        ({"bigquery_token": None}, "DBT_ENV_SECRET_NBA_PROPS_BIGQUERY_TOKEN"),
        (
            {"bigquery_method": "oauth", "bigquery_api_endpoint": None},
            "gcloud auth application-default login",
        ),
    ],
)
def test_a_missing_setting_is_named(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, changes: dict, says: str
) -> None:
    def absent(*_: object, **__: object) -> None:
        raise DefaultCredentialsError("none")

    monkeypatch.setattr(bigquery_client.google.auth, "default", absent)
    with pytest.raises(WarehouseNotConfigured, match=says):
        engine(settings.model_copy(update=changes)).query("select 1 as one")


def test_a_login_that_ran_out_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran_out(*_: object, **__: object) -> None:
        raise RefreshError("Reauthentication is needed.")

    monkeypatch.setattr(bigquery_client.TokenCredentials, "before_request", ran_out)
    with pytest.raises(WarehouseRefused, match=r"Reauthentication.*gcloud auth"):
        engine(settings).query("select 1 as one")
