"""The pages of worlds that were built, in a browser: the simulated league, a real evening."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import CELLS, WIDTHS, asked, first_view_seconds, grave_faults
from worlds import load_archive, world

from flows import defaults
from flows.daily import run_daily
from flows.demo import run_demo
from flows.progress import SilentReporter
from flows.report.pages import PAGES
from loaders.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

EVENING = date(2024, 4, 5)
# Seven weeks are enough to train on, and are loaded and built within a minute.
FIRST = date(2024, 2, 22)
# What a row of prices or figures has to stay inside of.
BEYOND = """() => [...document.querySelectorAll(".panel table, .market table")].filter(
    table => table.getBoundingClientRect().right
        > table.parentElement.getBoundingClientRect().right + 1).length"""


@pytest.fixture(scope="module")
def sandbox(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The demo over a short history; without a browser, nothing is built."""
    settings = Settings(home=tmp_path_factory.mktemp("sandbox"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(defaults, "DEMO_HISTORY", timedelta(days=45))
        run_demo(settings, SilentReporter())
    made = settings.for_target("sandbox")
    yield made
    shutil.rmtree(made.home)


@pytest.fixture(scope="module")
def evening(
    browser: Any, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """The slate of 2024-04-05 as it could have been forecast then."""
    settings = world(tmp_path_factory.mktemp("evening"))
    load_archive(settings, real_data, FIRST, EVENING + timedelta(days=1))
    result = run_daily(settings, game_date=EVENING, as_of=None, run_mode="replay")
    assert result.games == 12
    assert result.report_place == str(settings.report_dir / "index.html")
    yield settings
    shutil.rmtree(settings.home)


@pytest.fixture(params=["sandbox", pytest.param("evening", marks=pytest.mark.real_data)])
def built(request: pytest.FixtureRequest) -> Settings:
    return request.getfixturevalue(request.param)


def test_every_page_fits_a_phone_and_a_desk_and_is_accessible(
    open_page: Callable, built: Settings
) -> None:
    for page in PAGES:
        for width, scheme in ((WIDTHS["phone"], "dark"), (WIDTHS["desktop"], "light")):
            shown = open_page(page.file, width=width, home=built, color_scheme=scheme)
            if page.file == "index.html":
                shown.locator(".open").first.click()
            where = f"{page.file} at {width}"
            assert shown.evaluate("document.documentElement.scrollWidth") <= width, where
            assert shown.evaluate(BEYOND) == 0, where
            assert grave_faults(shown) == [], where


def test_the_slate_sorts_filters_and_searches_what_the_sql_says(
    open_page: Callable, built: Settings
) -> None:
    page = open_page("index.html", home=built)
    cards = "select count(*) from reports.todays_cards"
    [(total,)] = asked(built, cards)
    assert page.inner_text("#count") == f"{total:,} forecasts"
    [(name,)] = asked(built, "select player_name from reports.todays_cards where card_number = 1")
    [(his,)] = asked(built, f"{cards} where player_name = $1", [name])
    page.fill("#q", name)
    assert page.inner_text("#count") == f"{his:,} of {total:,} forecasts"
    assert {cells[0].splitlines()[0] for cells in page.evaluate(CELLS)} == {name}
    page.click("button[type=reset]")
    page.wait_for_function(f"document.querySelector('#count').innerText === '{total:,} forecasts'")
    page.select_option("#market", "assists")
    [(assists,)] = asked(built, f"{cards} where market = 'assists'")
    assert page.inner_text("#count") == f"{assists:,} of {total:,} forecasts"
    page.locator("th[data-column=predicted_value] button").click()
    means = [float(cells[5]) for cells in page.evaluate(CELLS)]
    assert means == sorted(means, reverse=True)
    [(most,)] = asked(
        built, "select max(predicted_value) from reports.todays_cards where market = 'assists'"
    )
    assert means[0] == pytest.approx(most, abs=0.051)


def test_plots_stand_where_there_is_something_to_plot(open_page: Callable, built: Settings) -> None:
    page = open_page("index.html", home=built)
    labels = page.eval_on_selector_all(
        "#cards svg.distribution", "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert len(labels) == page.locator("#cards tr.row").count() > 0
    assert all(re.search(r"median \d+; (line [\d.]+|no line)$", label) for label in labels)
    found = asked(
        built,
        """
        select player_id, count(*) as cards from reports.todays_cards
        where player_id in (select player_id from reports.todays_history)
        group by player_id order by player_id limit 1
        """,
    )
    [(player, cards)] = found
    his = open_page(f"players.html#{player}", home=built)
    assert his.locator("section.market").count() == cards
    assert his.locator("svg.results").count() == cards
    assert his.locator("svg.distribution").count() == cards
    games = open_page("games.html", home=built)
    [(evenings,)] = asked(built, "select count(*) from reports.todays_games")
    assert games.locator("article.game").count() == evenings


def test_the_first_page_of_a_built_world_is_seen_at_once(
    open_page: Callable, built: Settings
) -> None:
    assert first_view_seconds(open_page("index.html", home=built)) < 1


def test_the_record_and_health_show_what_was_graded_and_judged(
    open_page: Callable, built: Settings
) -> None:
    graded = asked(
        built,
        """
        select cast(sum(graded) as bigint) from reports.track_record_by_slice
        where slice = 'all' and system = 'catboost'
        """,
    )
    record = open_page("record.html", home=built)
    assert graded[0][0] > 0
    assert record.locator("#by-market tbody tr").count() > 0
    health = open_page("health.html", home=built)
    assert "completed" in health.inner_text("main")
    assert health.locator("#gates tbody tr").count() > 20


def test_a_replay_says_so_and_the_league_that_is_invented_too(
    open_page: Callable, built: Settings
) -> None:
    page = open_page("index.html", home=built)
    is_sandbox = built.target == "sandbox"
    assert ("invented league" in page.inner_text("footer")) is is_sandbox
    assert page.locator("[data-state=replay]").count() == (0 if is_sandbox else 1)
