"""The table of what was compared names every model, and cannot be written from half the suites."""

from __future__ import annotations

from pathlib import Path

import pytest
from compared import (
    COLUMNS,
    OF_EVALUATIONS,
    ORACLE,
    STRICT,
    TABLE,
    TOO_LARGE,
    UNIT_TESTS,
    WIRE,
    folder_of,
    main,
    models,
    named,
    note,
    table,
)


def counted() -> dict[str, dict[str, int | str]]:
    """Counts as the suites leave them: two rows of every model."""
    wire = {f"{layer}.{name}": 2 for name, layer in models().items()} | {"raw_odds_api.events": 7}
    return {
        STRICT: dict.fromkeys(models(), "yes"),
        ORACLE: dict.fromkeys(models(), 2),
        **dict.fromkeys(WIRE, wire),
        UNIT_TESTS: {"games": 3},
    }


def test_a_table_has_every_model_and_the_sums() -> None:
    page = table(counted())

    assert named(page) == list(models())
    assert "| `games` | yes | 2 | 2 | 2 | 3 |" in page
    judged = [name for name in models() if folder_of(name) != TOO_LARGE]
    daily = [name for name in models() if name not in OF_EVALUATIONS]
    sums = f"| {len(models())} models |  | {2 * len(judged)} | {2 * len(daily)} |"
    assert sums in page
    assert 0 < len(judged) < len(models())
    assert 0 < len(daily) < len(models())
    assert "| raw tables and seeds |  |  | 7 | 7 |  |" in page


def test_the_table_in_the_docs_names_exactly_the_models() -> None:
    assert named(TABLE.read_text()) == list(models())


@pytest.mark.parametrize("suite", [STRICT, ORACLE, *WIRE])
def test_a_model_that_a_suite_left_out_is_missed(suite: str) -> None:
    counts = counted()
    counts[suite] = dict(list(counts[suite].items())[1:])

    with pytest.raises(KeyError):
        table(counts)


def test_a_suite_that_did_not_pass_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBA_PROPS_COMPARED", str(tmp_path))
    for suite in COLUMNS[:-1]:
        note(suite, counted()[suite])

    with pytest.raises(FileNotFoundError, match=UNIT_TESTS):
        main(tmp_path)
