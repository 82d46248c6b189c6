from __future__ import annotations

import time

import pytest
import requests

from loaders.sandbox import BALLDONTLIE_KEY, ODDS_API_KEY, Fault, Faults, Sandbox

from .conftest import NOW, SPORT, Client

STATS = "/nba/v1/stats"
EVENT_ODDS = f"{SPORT}/events/*/odds"
DAY = {"dates": ["2026-01-13"], "per_page": 100}


def props(client: Client) -> requests.Response:
    return client.props(client.odds(f"{SPORT}/events").json()[0]["id"])


def test_a_fault_strikes_its_path_so_many_times(client: Client, sandbox: Sandbox) -> None:
    fault = sandbox.faults.add(Fault(kind="http_500", path=STATS, times=2))
    assert client.bdl("games").status_code == 200
    assert [client.bdl("stats", **DAY).status_code for _ in range(3)] == [500, 500, 200]
    assert (fault.fired, sandbox.faults.counts["http_500"]) == (2, 2)
    assert sandbox.request_count(STATS) == 3
    assert sandbox.requests[STATS, 500] == 2


def test_clear_switches_all_off(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("http_503", times=None))
    assert client.bdl("teams").status_code == 503
    sandbox.faults.clear()
    assert client.bdl("teams").status_code == 200


def test_faults_can_be_given_at_the_start_and_unknown_ones_are_refused() -> None:
    with Sandbox(NOW, faults=Faults([Fault("http_500")])) as sandbox:
        assert requests.get(sandbox.url + "/nba/v1/teams", timeout=10).status_code == 500
    with pytest.raises(ValueError, match="unknown fault"):
        Fault("http_418")  # type: ignore[arg-type]


def test_too_many_requests_in_both_dialects(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("http_429", path=STATS, retry_after=7))
    answer = client.bdl("stats", **DAY)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert set(answer.json()) == {"error"}
    sandbox.faults.add(Fault("http_429", path="/v4/*", retry_after=None))
    answer = client.odds(f"{SPORT}/events")
    assert answer.status_code == 429
    assert answer.json()["error_code"] == "EXCEEDED_FREQ_LIMIT"
    assert "Retry-After" not in answer.headers


def test_a_body_cut_on_the_wire_breaks_the_transfer(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("truncated_body", path=STATS))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        client.bdl("stats", **DAY)
    assert client.bdl("stats", **DAY).status_code == 200


def test_a_body_cut_before_the_wire_is_no_json(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("truncated_json", path=STATS))
    answer = client.bdl("stats", **DAY)
    assert answer.status_code == 200
    with pytest.raises(requests.exceptions.JSONDecodeError):
        answer.json()


def test_slow_answers_come_late(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("slow", path=STATS, seconds=0.3))
    started = time.monotonic()
    assert client.bdl("stats", **DAY).status_code == 200
    assert time.monotonic() - started >= 0.3
    sandbox.faults.add(Fault("slow", path=STATS, seconds=0.5))
    headers = {"Authorization": BALLDONTLIE_KEY}
    with pytest.raises(requests.ReadTimeout):
        requests.get(sandbox.url + STATS, headers=headers, timeout=0.1)


def test_a_missing_page_stays_missing(client: Client, sandbox: Sandbox) -> None:
    cursor = client.bdl("stats", **DAY).json()["meta"]["next_cursor"]
    sandbox.faults.add(Fault("missing_page", path=STATS, times=None, cursor=cursor))
    first = client.bdl("stats", **DAY)
    assert first.json()["meta"]["next_cursor"] == cursor
    for _ in range(4):
        assert client.bdl("stats", cursor=cursor, **DAY).status_code == 500
    assert client.bdl("stats", cursor=cursor + 5, **DAY).status_code == 200


def test_a_lost_cursor_ends_the_pages_early(client: Client, sandbox: Sandbox) -> None:
    whole = client.pages("stats", **DAY)
    sandbox.faults.add(Fault("lost_cursor", path=STATS))
    assert "meta" not in client.bdl("stats", **DAY).json()
    sandbox.faults.add(Fault("lost_cursor", path=STATS))
    assert len(client.pages("stats", **DAY)) == 100 < len(whole)


@pytest.mark.parametrize("first", [True, False])
def test_a_duplicate_page_repeats_rows_and_loses_none(
    client: Client, sandbox: Sandbox, first: bool
) -> None:
    whole = client.pages("stats", **DAY)
    cursor = None if first else whole[99]["id"]
    fault = sandbox.faults.add(Fault("duplicate_page", path=STATS, cursor=cursor))
    again = client.pages("stats", **DAY)
    assert fault.fired == 1
    assert len(again) == len(whole) + 100
    ids = [row["id"] for row in again]
    assert sorted(set(ids)) == [row["id"] for row in whole]
    start = 0 if first else 100
    assert ids[start : start + 100] == ids[start + 100 : start + 200]


def test_null_prices_and_null_odds(client: Client, sandbox: Sandbox) -> None:
    good = props(client).json()
    sandbox.faults.add(Fault("null_price", path=EVENT_ODDS))
    bad = props(client).json()
    for book, other in zip(bad["bookmakers"], good["bookmakers"], strict=True):
        for market, sound in zip(book["markets"], other["markets"], strict=True):
            assert market["outcomes"][0]["price"] is None
            assert market["outcomes"][1:] == sound["outcomes"][1:]
    sandbox.faults.add(Fault("null_odds", path=EVENT_ODDS))
    bad = props(client).json()
    assert bad["bookmakers"] == [{"odds": None}, *good["bookmakers"]]
    sandbox.faults.add(Fault("null_price", path="/v4/historical/*"))
    past = client.odds(
        "/v4/historical/sports/basketball_nba/odds", regions="us", date="2026-01-14T22:00:00Z"
    ).json()
    priced = [event for event in past["data"] if event["bookmakers"]]
    assert priced[0]["bookmakers"][0]["markets"][0]["outcomes"][0]["price"] is None
    # The fault spoils a copy: the next answer is sound again.
    assert props(client).json() == good


def test_a_word_where_a_number_belongs(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("text_number", path=STATS))
    rows = client.bdl("stats", **DAY).json()["data"]
    assert [type(row["pts"]) for row in rows[:2]] == [str, int]
    assert isinstance(client.bdl("stats", **DAY).json()["data"][0]["pts"], int)


def test_credits_can_be_used_up_at_will(client: Client, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("out_of_credits", path=EVENT_ODDS, times=None))
    answer = props(client)
    assert answer.status_code == 401
    assert answer.json()["error_code"] == "OUT_OF_USAGE_CREDITS"
    assert answer.headers["x-requests-remaining"] == "0"
    assert client.odds(f"{SPORT}/events").status_code == 200


def test_the_server_writes_no_log(
    client: Client, sandbox: Sandbox, capfd: pytest.CaptureFixture[str]
) -> None:
    client.odds(f"{SPORT}/events")
    client.bdl("nothing")
    shown = "".join(capfd.readouterr())
    assert ODDS_API_KEY not in shown
    assert shown == ""


def test_the_clock_ticks_stands_still_and_moves() -> None:
    with Sandbox(NOW) as ticking:
        first = ticking.clock()
        time.sleep(0.02)
        assert ticking.clock() > first >= NOW
    still = Sandbox(NOW, ticking=False)
    assert still.clock() == still.clock() == NOW
    with pytest.raises(RuntimeError):
        _ = still.url
    with pytest.raises(ValueError, match="time zone"):
        still.clock.move_to(NOW.replace(tzinfo=None))
