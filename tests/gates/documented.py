"""The table of docs/gates.md, from the seed and the faults: `python tests/gates/documented.py`."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from faults import SCENARIOS

SEED = Path(__file__).parents[2] / "seeds" / "gate_thresholds.csv"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def rows() -> list[str]:
    """A line a metric, in the order in which gates are built."""
    faults: dict[str, list[str]] = {}
    for scenario in SCENARIOS:
        how = " (code edited)" if scenario.edits else ""
        for one in scenario.expects:
            faults.setdefault(one.metric, []).append(f"{one.fault}{how}")
    with SEED.open(encoding="utf-8") as file:
        return [_row(row, faults.get(row["metric"], [])) for row in csv.DictReader(file)]


def _row(row: dict[str, str], faults: list[str]) -> str:
    bounds = [
        f"{verb} {'below' if row['direction'] == 'at_least' else 'above'} {row[kind]}"
        for verb, kind in (("warns", "warn_threshold"), ("blocks", "error_threshold"))
        if row[kind]
    ]
    cells = (f"`{row['metric']}`", row["layer"], ", ".join(bounds) or "recorded", "; ".join(faults))
    return f"| {' | '.join(cells)} |".replace("  ", " ")


def tests_named(page: str) -> list[tuple[str, str]]:
    """The tests that a page names, as (file, function)."""
    return TEST.findall(page)


if __name__ == "__main__":
    print("\n".join(rows()))
