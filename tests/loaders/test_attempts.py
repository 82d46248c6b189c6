"""Every attempt to load a source is told of, with what it sent and how it was answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from loaders import balldontlie, odds_api
from loaders.attempts import LoadReport
from loaders.errors import BadArgument, LoadError, MissingKey, TransientError, WarehouseBusy
from loaders.settings import Settings

DAY = date(2024, 1, 10)
CREDITS = {"x-requests-remaining": "400", "x-requests-used": "100", "x-requests-last": "3"}


@pytest.fixture
def reached(settings: Settings, stub) -> Settings:
    return settings.model_copy(update={"balldontlie_url": stub.url, "odds_api_url": stub.url})


def summary(report: LoadReport) -> list[tuple]:
    return [
        (one.resource, one.status, one.requests, one.http_statuses, one.error_class)
        for one in report.outcomes
    ]


def test_what_each_resource_took_is_told(reached: Settings, stub, clock: Callable) -> None:
    replies = iter([(429, {}), (200, [])])
    stub.reply = lambda path, query: (*next(replies), CREDITS)
    heard: list[LoadReport] = []
    outcomes = odds_api.load(reached, game_date=DAY, clock=clock, heard=heard.append)
    [report] = heard
    assert summary(report) == [
        ("events", "no_data", 2, "200,429", None),
        ("player_props", "no_data", 0, None, None),
        ("game_lines", "no_data", 0, None, None),
    ]
    assert (report.calls, report.spent, report.used, report.remaining) == (2, 6, 100, 400)
    assert list(report.outcomes) == outcomes
    assert {(one.started_at, one.finished_at) for one in outcomes} == {(clock(), clock())}


def test_a_load_that_fails_tells_which_request_and_never_the_key(
    reached: Settings, stub, clock: Callable
) -> None:
    stub.reply = lambda path, query: (
        (503, {}) if "stats" in path else (200, {"data": [], "meta": {}})
    )
    heard: list[LoadReport] = []
    asked = {"start": DAY, "end": DAY, "resources": ("games", "player_stats")}
    with pytest.raises(TransientError) as raised:
        balldontlie.load(reached, clock=clock, heard=heard.append, **asked)
    [report] = heard
    assert summary(report) == [("player_stats", "failed", 4, "200,503", "TransientError")]
    assert report.outcomes[0].error == str(raised.value)
    assert (report.outcomes[0].rows, report.outcomes[0].load_id) == (0, None)


def test_a_load_that_fails_outside_its_requests_names_no_resource(
    reached: Settings, stub, clock: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise WarehouseBusy("held by process 1")

    monkeypatch.setattr(odds_api, "write", refused)
    stub.reply = lambda path, query: (200, [])
    heard: list[LoadReport] = []
    with pytest.raises(WarehouseBusy):
        odds_api.load(reached, game_date=DAY, clock=clock, heard=heard.append)
    without_key = reached.model_copy(update={"odds_api_key": None})
    with pytest.raises(MissingKey):
        odds_api.load(without_key, game_date=DAY, clock=clock, heard=heard.append)
    with pytest.raises(BadArgument):
        odds_api.load(reached, game_date=DAY, clock=clock, resources=("x",), heard=heard.append)
    assert [summary(one) for one in heard] == [
        [(None, "failed", 1, "200", "WarehouseBusy")],
        [(None, "failed", None, None, "MissingKey")],
        [(None, "failed", None, None, "BadArgument")],
    ]


def test_nobody_need_listen(reached: Settings, stub, clock: Callable) -> None:
    stub.reply = lambda path, query: (500, {})
    with pytest.raises(LoadError):
        odds_api.load(reached, game_date=DAY, clock=clock)
