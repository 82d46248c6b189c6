"""docs/capabilities.md: every requirement is shown by a test that there is, or says why not."""

from __future__ import annotations

import re

import pytest

from loaders.settings import PROJECT_ROOT

ROW = re.compile(r"^\| ([OLKBPUX]\d\d) \| ([^|]+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
ROWS = ROW.findall((PROJECT_ROOT / "docs" / "capabilities.md").read_text(encoding="utf-8"))


def test_no_row_is_left_out() -> None:
    wanted = {"O": 21, "L": 10, "K": 20, "B": 18, "P": 19, "U": 7}
    listed = [number for number, _, _ in ROWS if not number.startswith("X")]
    assert listed == [f"{part}{n:02}" for part, last in wanted.items() for n in range(1, last + 1)]


@pytest.mark.parametrize(("number", "shown"), [(number, shown) for number, _, shown in ROWS])
def test_a_row_names_a_test_that_there_is_or_says_why_not(number: str, shown: str) -> None:
    named = TEST.findall(shown)
    assert named or shown.startswith(("not needed: ", "left out: "))
    for file, function in named:
        text = (PROJECT_ROOT / file).read_text(encoding="utf-8")
        assert f"def {function}(" in text, f"{number} names {file}::{function}"
