"""The pages in a real browser: no error, no request, and controls that do what they say."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from browsing import CELLS, WIDTHS, asked, first_view_seconds, grave_faults
from made_up_night import publish

from flows.report.pages import PAGES, write_report
from loaders.settings import Settings

pytestmark = pytest.mark.browser

FIRST_VIEW_SECONDS = 1
MOST_SECONDS = 15
MOST_BYTES = 3_000_000


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    publish(settings, players=60)
    write_report(settings)
    return settings


@pytest.fixture
def opened(open_page: Callable, night: Settings) -> Callable[..., Any]:
    """Opens a page of the made-up night, unless another home is named."""
    return partial(open_page, home=night)


def shown(value: float, digits: str) -> str:
    """A number as a browser rounds it: a half goes up."""
    return str(Decimal(value).quantize(Decimal(digits), ROUND_HALF_UP)).replace("-", "\u2212")


@pytest.mark.parametrize("page", [page.file for page in PAGES])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_is_accessible(opened, page: str, scheme: str) -> None:
    shown = opened(page, color_scheme=scheme)
    if page == "index.html":
        shown.locator(".open").first.click()
    assert grave_faults(shown) == []


@pytest.mark.parametrize("page", [page.file for page in PAGES])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_no_width_scrolls_sideways(opened, page: str, width: int) -> None:
    shown = opened(page, width=width)
    if page == "index.html":
        shown.locator(".open").first.click()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_rows_are_as_the_sql_orders_them_and_say_what_it_says(opened, night: Settings) -> None:
    rows = opened("index.html").evaluate(CELLS)
    truth = asked(
        night,
        """select player_name, market_label, line, over_price_american, predicted_value,
            probability_over, edge, recommendation
        from reports.todays_cards order by card_number limit 60""",
    )
    assert len(rows) == 60
    for cells, (name, market, line, price, mean, chance, edge, called) in zip(
        rows, truth, strict=True
    ):
        assert cells[0].startswith(name)
        assert cells[1] == market
        assert cells[2] == f"{line:g}"
        assert cells[3].split()[0] == f"{price:+d}".replace("-", "\u2212")
        assert cells[5] == shown(mean, "0.1")
        assert cells[6] == shown(100 * chance, "1") + "\u202f%"
        assert cells[7] == ("+" if edge > 0 else "") + shown(100 * edge, "0.1") + "\u202f%"
        assert cells[8].endswith(called if called != "PASS" else "pass")


def test_search_and_filters_show_what_fits_and_count_it(opened, night: Settings) -> None:
    page = opened("index.html")
    page.fill("#q", "name b1")
    [(count,)] = asked(
        night, "select count(*) from reports.todays_cards where player_name ilike '%name b1%'"
    )
    [(total,)] = asked(night, "select count(*) from reports.todays_cards")
    assert page.inner_text("#count") == f"{count} of {total} forecasts"
    assert all("Name B1" in cells[0] for cells in page.evaluate(CELLS))
    page.select_option("#market", "rebounds")
    assert {cells[1] for cells in page.evaluate(CELLS)} == {"Rebounds"}
    page.fill("#q", "nobody")
    assert page.is_visible("#none")
    page.click("button[type=reset]")
    page.wait_for_function(f"document.querySelector('#count').innerText === '{total} forecasts'")
    page.select_option("#show", "calls")
    [(calls,)] = asked(
        night,
        "select count(*) from reports.todays_cards where recommendation in ('OVER', 'UNDER')",
    )
    assert page.inner_text("#count") == f"{calls} of {total} forecasts"
    page.click("button[type=reset]")
    page.select_option("#game", "g2")
    [(of_game,)] = asked(night, "select count(*) from reports.todays_cards where game_id = 'g2'")
    assert page.inner_text("#count") == f"{of_game} of {total} forecasts"


def test_a_head_sorts_both_ways_and_says_so(opened) -> None:
    page = opened("index.html")
    head = page.locator("th[data-column=predicted_value] button")
    head.click()
    values = [float(cells[5]) for cells in page.evaluate(CELLS)]
    assert values == sorted(values, reverse=True)
    sort = "th[data-column=predicted_value]"
    assert page.get_attribute(sort, "aria-sort") == "descending"
    head.click()
    values = [float(cells[5]) for cells in page.evaluate(CELLS)]
    assert values == sorted(values)
    assert page.get_attribute(sort, "aria-sort") == "ascending"
    # who has no line stands last, whichever way
    for _ in range(2):
        page.locator("th[data-column=line] button").click()
        assert page.evaluate(CELLS)[0][2] != "\u2013"


def test_a_row_opens_by_the_keyboard_and_shows_prices_drivers_and_the_plot(
    opened, night: Settings
) -> None:
    page = opened("index.html")
    page.locator(".open").first.focus()
    page.keyboard.press("Enter")
    assert page.get_attribute(".open", "aria-expanded") == "true"
    detail = page.locator("tr.detail")
    books = asked(
        night, "select bookmaker from reports.todays_prices where card_number = 1 order by 1"
    )
    assert [
        (text,) for text in detail.locator("section:nth-child(3) tbody th").all_inner_texts()
    ] == books
    said = asked(
        night,
        "select contribution from reports.todays_drivers where card_number = 1"
        " order by driver_rank",
    )
    shown = detail.locator(".drivers li > b").all_inner_texts()
    assert shown == [f"{value:+.2f}".replace("-", "\u2212") for (value,) in said]
    assert detail.locator("svg.distribution rect").count() > 10
    page.keyboard.press("Enter")
    assert page.locator("tr.detail").count() == 0


def test_every_card_has_its_plot_with_words_for_who_cannot_see_it(opened) -> None:
    page = opened("index.html")
    labels = page.eval_on_selector_all(
        "#cards svg.distribution", "all => all.map(one => one.getAttribute('aria-label'))"
    )
    assert len(labels) == page.locator("#cards tr.row").count()
    assert all(re.search(r"median \d+; (line [\d.]+|no line)$", label) for label in labels)


def test_the_rest_of_the_slate_comes_on_asking(opened, night: Settings) -> None:
    page = opened("index.html")
    [(total,)] = asked(night, "select count(*) from reports.todays_cards")
    while page.is_visible("#more"):
        page.click("#more")
    assert page.locator("#cards tr.row").count() == total


def test_a_player_and_a_game_have_a_page_each(opened, night: Settings) -> None:
    page = opened("players.html#p7")
    [(name, cards)] = asked(
        night,
        "select min(player_name), count(*) from reports.todays_cards where player_id = 'p7'",
    )
    assert page.inner_text("#name") == name
    assert page.locator("section.market").count() == cards
    assert page.locator("svg.results").count() == cards
    page.fill("#q", "oscar")
    page.click("#roster a")
    page.wait_for_function("document.querySelector('#name').innerText === 'Oscar Out'")
    assert "ruled out" in page.inner_text("#player")
    game = opened("games.html#g2")
    assert game.locator("article.game").count() == 1
    assert game.get_attribute("article.game", "data-game") == "g2"


def test_the_record_shows_the_figures_of_its_choice(opened, night: Settings) -> None:
    page = opened("record.html")
    page.select_option("#system", "ensemble")
    [(returned, low, high)] = asked(
        night,
        """select return_on_stake, return_low, return_high from reports.track_record_by_slice
        where slice = 'all' and system = 'ensemble' and run_mode = 'live'""",
    )
    text = page.inner_text("#figures")
    for value in (returned, low, high):
        assert f"{100 * value:+.1f}\u202f%".replace("-", "\u2212") in text
    assert page.locator("#by-month tbody tr").count() == 7
    assert page.locator("#by-system tbody tr").count() == 4
    assert page.locator("#reliability circle").count() == 0, "only catboost is calibrated here"
    page.select_option("#system", "catboost")
    assert page.locator("#reliability circle").count() == 10
    assert page.locator("#returns circle").count() == 7


def test_health_shows_gates_sources_and_time(opened) -> None:
    page = opened("health.html")
    assert page.locator("#gates tbody tr").count() == 40
    assert "! warned" in page.inner_text("#failures")
    assert "\u2715 1" in page.inner_text("#sources")
    assert page.locator("#days svg rect").count() == 30


def test_light_and_dark_are_a_choice_that_is_kept(opened) -> None:
    page = opened("index.html", color_scheme="light")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("#theme")
    assert page.evaluate(ground) != light
    assert page.get_attribute("#theme", "aria-pressed") == "true"
    page.reload()
    assert page.evaluate(ground) != light


def test_a_thousand_players_are_written_fast_and_small_and_seen_at_once(
    opened, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path)
    publish(settings, players=1000, games=15, markets=8)
    started = time.perf_counter()
    write_report(settings)
    written = time.perf_counter() - started
    sizes = {page.file: (settings.report_dir / page.file).stat().st_size for page in PAGES}
    seen = {page.file: first_view_seconds(opened(page.file, home=settings)) for page in PAGES}
    print(f"written in {written:.1f} s; bytes {sizes}; seen after {seen}")
    assert opened("index.html", home=settings).locator("#cards tr.row").count() >= 60
    assert written < MOST_SECONDS
    assert max(sizes.values()) < MOST_BYTES
    assert max(seen.values()) < FIRST_VIEW_SECONDS


def test_it_prints_without_its_controls(opened) -> None:
    page = opened("index.html")
    page.emulate_media(media="print")
    assert not page.is_visible("#filters")
    assert not page.is_visible("nav[aria-label=Pages]")
    assert page.is_visible("#cards")
    assert len(page.pdf()) > 10_000
