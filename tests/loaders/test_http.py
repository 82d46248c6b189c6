from __future__ import annotations

import logging
import traceback

import pytest
from pydantic import SecretStr

from loaders.errors import ContractError, TransientError
from loaders.http import Api, QueryKey, RateGate
from loaders.settings import Settings

SECRET = "very-secret-key-0123456789"


def api(settings: Settings, url: str, **more) -> Api:
    key = SecretStr(SECRET)
    return Api(
        settings,
        name="Provider",
        base_url=url,
        auth=QueryKey("apiKey", key),
        secret=key,
        per_minute=600_000,
        **more,
    )


def test_the_gate_spaces_calls_evenly() -> None:
    slept: list[float] = []
    now = [100.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    gate = RateGate(5, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        gate.wait()
    assert slept == pytest.approx([12.0, 12.0])
    now[0] += 60
    gate.wait()
    assert len(slept) == 2


def test_429_and_500_are_retried_and_counted(settings, stub) -> None:
    replies = iter([(429, {}, {"Retry-After": "1"}), (500, {}), (200, {"ok": 1}, {"x-left": "7"})])
    stub.reply = lambda path, query: next(replies)
    client = api(settings, stub.url, watch=("x-left",))
    assert client.get("/a", [("dates[]", "1"), ("dates[]", "2")]).body == {"ok": 1}
    assert client.usage.calls == 3
    assert client.usage.headers == {"x-left": "7"}
    assert client.usage.statuses == {429: 1, 500: 1, 200: 1}
    assert (client.usage.number("x-left"), client.usage.number("x-used")) == (7, None)
    assert stub.asked[0][1] == [("dates[]", "1"), ("dates[]", "2"), ("apiKey", SECRET)]
    assert stub.asked[0][2]["User-Agent"] == settings.user_agent


def test_a_provider_without_a_key_gets_the_headers_it_wants(settings, stub) -> None:
    stub.reply = lambda path, query: (400, b"no such game")
    client = Api(
        settings,
        name="Provider",
        base_url=stub.url,
        per_minute=600_000,
        headers={"Referer": "https://provider.example/", "User-Agent": "Browser/1.0"},
    )
    assert client.get("/a").body == "no such game"
    _, query, headers = stub.asked[0]
    assert query == []
    assert headers["Referer"] == "https://provider.example/"
    assert headers["User-Agent"] == "Browser/1.0"
    assert "Authorization" not in headers


def test_retries_end(settings, stub) -> None:
    stub.reply = lambda path, query: (503, {})
    with pytest.raises(TransientError, match=r"Provider: /a still answers 503 after 3 attempts"):
        api(settings, stub.url).get("/a")
    assert len(stub.asked) == 3


def test_a_refused_connection_does_not_show_the_key(settings, caplog) -> None:
    client = api(settings, "http://127.0.0.1:9")
    with caplog.at_level(logging.DEBUG), pytest.raises(TransientError) as caught:
        client.get("/a")
    assert (client.usage.calls, client.usage.statuses) == (3, {0: 3})
    told = "".join(traceback.format_exception(caught.value))
    assert "no complete answer from /a in 3 attempts" in told
    assert caught.value.__context__ is None
    assert SECRET not in told + caplog.text


def test_debug_logs_do_not_show_the_key(settings, stub, caplog) -> None:
    stub.reply = lambda path, query: (200, {})
    with caplog.at_level(logging.DEBUG):
        api(settings, stub.url).get("/a")
    assert "apiKey=***" in caplog.text
    assert SECRET not in caplog.text


def test_a_body_cut_short_fails(settings, stub) -> None:
    stub.reply = lambda path, query: (200, {"data": list(range(100))})
    stub.cut = True
    with pytest.raises(TransientError, match="no complete answer"):
        api(settings, stub.url).get("/a")
    stub.cut = False
    stub.reply = lambda path, query: (200, b'{"data": [1, 2')
    with pytest.raises(ContractError, match="no complete JSON"):
        api(settings, stub.url).get("/a")


def test_an_error_page_that_is_no_json_is_passed_on(settings, stub) -> None:
    stub.reply = lambda path, query: (401, b"Unauthorized")
    answer = api(settings, stub.url).get("/a")
    assert (answer.status, answer.body, answer.ok) == (401, "Unauthorized", False)
