"""No key in any log, exception, trace, table or file, whatever fails."""

from __future__ import annotations

import logging
import pickle
import traceback
from datetime import UTC, date, datetime

import pytest

from loaders import balldontlie, odds_api
from loaders.errors import LoadError
from loaders.pipeline import Batch, write
from loaders.tables import REJECTS

SECRET = "very-secret-key-0123456789"
DAY = date(2024, 1, 10)


def refused(path: str, query: list) -> tuple:
    # a provider that repeats the key in its message
    return 401, {"message": f"Key {SECRET} is bad", "error_code": "ODD", "error": f"bad {SECRET}"}


def unavailable(path: str, query: list) -> tuple:
    return 500, {"message": SECRET}


def garbled(path: str, query: list) -> tuple:
    return 200, f'{{"data": "{SECRET}'.encode()


@pytest.mark.parametrize("reply", [refused, unavailable, garbled, None])
@pytest.mark.parametrize("source", [balldontlie, odds_api])
def test_a_failing_load_does_not_show_the_key(
    settings, stub, clock, caplog, capfd, reply, source
) -> None:
    stub.reply = reply
    url = stub.url if reply else "http://127.0.0.1:9"
    settings = settings.model_copy(update={"balldontlie_url": url, "odds_api_url": url})
    days = {"game_date": DAY} if source is odds_api else {"start": DAY, "end": DAY}
    with caplog.at_level(logging.DEBUG), pytest.raises(LoadError) as caught:
        source.load(settings, clock=clock, **days)
    told = "".join(traceback.format_exception(caught.value, chain=True)) + repr(settings)
    printed = capfd.readouterr()
    assert SECRET not in told + caplog.text + printed.out + printed.err


def test_a_loaded_day_leaves_no_key_on_disk(settings, stub, clock, caplog, monkeypatch) -> None:
    monkeypatch.setenv("ODDS_API_KEY", SECRET)
    stub.reply = lambda path, query: (200, [], {"x-requests-remaining": "100"})
    settings = settings.model_copy(update={"odds_api_url": stub.url})
    with caplog.at_level(logging.DEBUG):
        odds_api.load(settings, game_date=DAY, clock=clock)
    files = [f for f in settings.home.rglob("*") if f.is_file()]
    assert len(files) > 5
    assert [f for f in files if SECRET.encode() in f.read_bytes()] == []
    assert SECRET not in caplog.text


def test_the_trace_of_a_failed_write_has_no_key(settings) -> None:
    rows = REJECTS.arrow_schema().empty_table()
    write(settings, "odds_api", [Batch(REJECTS, rows, boundary=datetime(2024, 1, 1, tzinfo=UTC))])
    traces = list(settings.dlt_dir.rglob("trace.pickle"))
    assert traces
    for trace in traces:
        assert SECRET not in repr(pickle.loads(trace.read_bytes()))
