"""What the tests in a browser share: what a page shows, and what stands in the published copy."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from loaders.settings import Settings

WIDTHS = {"desktop": 1280, "tablet": 820, "phone": 390}
# Rows by column of the table as it is shown.
CELLS = """() => [...document.querySelectorAll("#cards tbody tr.row")].map(
    row => [...row.children].map(cell => cell.innerText.trim()))"""
# Seconds since it was asked for: drawn for the first time, and loaded with all that is drawn.
SEEN = """() => new Promise(resolve => new PerformanceObserver(list => resolve(Math.max(
    list.getEntries()[0].startTime,
    performance.getEntriesByType("navigation")[0].loadEventEnd) / 1000)
).observe({ type: "paint", buffered: true }))"""
LOOKS = 5


def asked(settings: Settings, sql: str, parameters: tuple | list = ()) -> list[tuple]:
    """Rows of the published copy."""
    with duckdb.connect(str(settings.published_path), read_only=True) as connection:
        return connection.execute(sql, list(parameters)).fetchall()


def grave_faults(page: Any) -> list[tuple]:
    """What axe finds on a page that is serious or critical."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not there")
    return [
        (one["id"], one["nodes"][0]["html"][:120], one["nodes"][0].get("failureSummary"))
        for one in axe.Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def first_view_seconds(page: Any) -> float:
    """From the asking for a page to its being seen; the best of some looks, as others may work."""
    found = []
    for _ in range(LOOKS):
        page.reload()
        found.append(page.evaluate(SEEN))
    return min(found)
