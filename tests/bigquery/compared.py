"""What the suites compared, model by model, as the table in docs/bigquery-compared.md.

Under NBA_PROPS_COMPARED each suite leaves its counts in that folder once it has passed;
`make bigquery-table` sets it and writes the table from them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from oracle import TOO_LARGE

from loaders.settings import PROJECT_ROOT

TABLE = PROJECT_ROOT / "docs" / "bigquery-compared.md"
FOLDER = "NBA_PROPS_COMPARED"
STRICT, ORACLE, UNIT_TESTS = "strict gate", "oracle", "unit tests"
NOT_JUDGED = "–"
WIRE = ("wire, first build", "wire, second build")
# Models that no run of a day builds: the wire has nothing of them.
OF_EVALUATIONS = {
    path.stem
    for folder in ("intermediate/evaluations", "marts/evaluation", "reports/evaluations")
    for path in (PROJECT_ROOT / "models" / folder).glob("*.sql")
}
COLUMNS = (STRICT, ORACLE, *WIRE, UNIT_TESTS)
HEAD = """# What was compared on BigQuery

Rows of the simulated league that were equal on both engines, as `make bigquery-table` found and
wrote them. [BigQuery](bigquery.md) says what each suite rests on.

- strict gate: Google's analyzer takes the SQL; "contract": and its columns are those declared.
- oracle: rows that the reference evaluator gives, from a week of games, but for lineage.
- wire: rows that the emulator holds, from a week of games and a first day, then a second one;
  no run of a day builds what is of evaluations.
- unit tests: dbt's, as dbt-bigquery sends them, run by the reference evaluator.

"""


def note(suite: str, counts: Mapping[str, int | str]) -> None:
    """Leave a suite's counts by model, where a table is wanted."""
    if folder := os.environ.get(FOLDER):
        (Path(folder) / f"{suite}.json").write_text(json.dumps(dict(counts)))


def models() -> dict[str, str]:
    """Layer of every model, by name, in the order of the layers."""
    folder = PROJECT_ROOT / "models"
    order = ("staging", "intermediate", "marts", "reports", "audit")
    found = {path.stem: path.relative_to(folder).parts[0] for path in folder.rglob("*.sql")}
    return dict(sorted(found.items(), key=lambda one: (order.index(one[1]), one[0])))


def folder_of(model: str) -> str:
    """Folder of a model."""
    [path] = (PROJECT_ROOT / "models").rglob(f"{model}.sql")
    return path.parent.name


def table(counts: Mapping[str, Mapping[str, int | str]]) -> str:
    """The page. Raises KeyError where a suite, or one of its models, is missing.

    counts: by suite and model; the wire's by `schema.model`, a model without unit tests has none.
    """
    layers = models()
    cells = {
        name: [
            counts[STRICT][name],
            NOT_JUDGED if folder_of(name) == TOO_LARGE else counts[ORACLE][name],
            *(
                NOT_JUDGED if name in OF_EVALUATIONS else counts[build][f"{layer}.{name}"]
                for build in WIRE
            ),
            counts[UNIT_TESTS].get(name, 0),
        ]
        for name, layer in layers.items()
    }
    lines = [_line("model", *COLUMNS), _line("---", "---", *["---:"] * (len(COLUMNS) - 1))]
    lines += [_line(f"`{name}`", *row) for name, row in cells.items()]
    totals = [
        sum(n for n in column if n != NOT_JUDGED)
        for column in list(zip(*cells.values(), strict=True))[1:]
    ]
    others = [
        sum(rows for name, rows in counts[build].items() if name.startswith(("raw_", "seeds.")))
        for build in WIRE
    ]
    lines.append(_line(f"{len(cells)} models", "", *totals))
    lines.append(_line("raw tables and seeds", "", "", *others, ""))
    return HEAD + "\n".join(lines) + "\n"


def named(page: str) -> list[str]:
    """The models that a page's table names."""
    return [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]


def _line(*cells: int | str) -> str:
    told = (f"{cell:,}" if isinstance(cell, int) else cell for cell in cells)
    return f"| {' | '.join(told)} |"


def main(folder: Path) -> None:
    """Write the table from the counts in a folder. Raises FileNotFoundError, KeyError."""
    counts = {suite: json.loads((folder / f"{suite}.json").read_text()) for suite in COLUMNS}
    TABLE.write_text(table(counts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
