"""What the builds would scan on BigQuery: computes the figures of docs/bigquery-scale.md.

    python tests/bigquery/scan_estimate.py --home DIR

builds a copy of the warehouse of DIR (backfilled, and a slate forecast by `nba-props daily`) three
times: all of it, once more with nothing new, and after a night's load. What each statement reads is
told from its SQL, what that weighs from the tables. Needs no account, and nothing from the network.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
from scan_builds import PRICES, PROJECT, TEMPORARY, Build, Scan
from scan_reads import LEAST_BILLED, Size
from scan_situations import DAILY, FULL, forecast_tables, run_situations

GIB, TIB = 2**30, 2**40
DOLLARS_A_TIB, FREE_TIB_A_MONTH, DOLLARS_A_GIB_AND_MONTH = 6.25, 1, 0.02
# Three a day, one for each information set.
RUNS_A_MONTH = 90
# A table that holds so much less after a daily run holds the work of that run alone.
OF_A_RUN = 0.1
Weight = Callable[[Scan], float]


@dataclass(frozen=True)
class World:
    """How much there is of everything; 1 is what was measured.

    history: of the rows that games leave; night: of the games of a night; fills: by what prices and
    forecasts are multiplied, which the measured warehouse has of some games only.
    """

    name: str
    history: float
    night: float
    fills: Mapping[str, float]

    def of(
        self, scan: Scan, *, forecasts: Collection[str] = (), of_a_run: Collection[str] = ()
    ) -> float:
        """The bytes of a scan in this world."""
        table = scan.table.removesuffix(TEMPORARY).removesuffix("_staging")
        kind = "forecasts" if table in forecasts else "prices" if PRICES.search(table) else ""
        if table in of_a_run or table.startswith(("seeds.", "reports.")):
            return scan.bytes * self.night
        if scan.is_part:
            # a slice of prices was measured as a share of all of them; forecasts stand as they are
            return scan.bytes * self.night * (self.fills[kind] if kind == "prices" else 1)
        return scan.bytes * self.history * self.fills.get(kind, 1)


def billed(found: float) -> float:
    """What a query pays for one table of which it reads `found` bytes."""
    return max(found, LEAST_BILLED)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def gib(n: float) -> str:
    """Bytes as GiB, three figures."""
    return f"{n / GIB:.3g}" if n < 1000 * GIB else f"{n / GIB:,.0f}"


def report(builds: Mapping[str, Build], worlds: Sequence[World], facts: Mapping[str, Any]) -> str:
    """All tables of the paper, as Markdown."""
    forecasts = facts["forecast tables"]
    full, daily = builds[FULL].sizes, builds[DAILY].sizes
    of_a_run = {
        name for name, size in daily.items() if size.rows < OF_A_RUN * full.get(name, size).rows
    }
    # what the measured warehouse took, dbt's own share and all
    rate = builds[FULL].cpu_seconds / sum(scan.bytes for scan in builds[FULL].scans)
    plain = [(name, value) for name, value in facts.items() if not isinstance(value, set)]
    parts = [table(["fact", "value"], [*plain, ("CPU-seconds a GiB", f"{rate * GIB:.0f}")])]
    parts.append(stored(full, worlds, forecasts))
    rows, details = [], []
    for name, build in builds.items():
        runs = set() if name == FULL else of_a_run
        weights = [partial(world.of, forecasts=forecasts, of_a_run=runs) for world in worlds]
        rows += [
            (name, world.name, *totals(build, of, rate, name != FULL))
            for world, of in zip(worlds, weights, strict=True)
        ]
        details += readers(name, build, weights, [f"GiB {world.name}" for world in worlds], facts)
    head = ["situation", "world", "statements", "GiB read", "GiB billed", "most for a statement"]
    head += ["GiB written", "$ a run", "$ a month", "slot-seconds"]
    return "\n".join([*parts, table(head, rows), *details])


def totals(build: Build, of: Weight, rate: float, is_regular: bool) -> list[str]:
    """A situation in a world: how many statements, and the sums of what they read and write."""
    read = sum(map(of, build.scans))
    of_statements: Counter[int] = Counter()
    for scan in build.scans:
        of_statements[scan.statement] += billed(of(scan))
    paid = of_statements.total() / TIB
    month = DOLLARS_A_TIB * max(paid * RUNS_A_MONTH - FREE_TIB_A_MONTH, 0)
    return [
        str(len(of_statements)),
        gib(read),
        gib(paid * TIB),
        gib(max(of_statements.values())),
        gib(sum(map(of, build.writes))),
        f"{paid * DOLLARS_A_TIB:.2f}",
        f"{month:,.0f}" if is_regular else "",
        f"{read * rate:,.0f}",
    ]


def readers(
    name: str, build: Build, weights: Sequence[Weight], heads: list[str], facts: Mapping[str, Any]
) -> list[str]:
    """What a situation is billed for by kind, and who reads most."""
    by_kind: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(weights))
    by_reader: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0] * len(weights))
    counts = Counter(kind for _, kind in {(scan.statement, scan.kind) for scan in build.scans})
    for scan in build.scans:
        node = scan.node.split(".")[2] if scan.node.count(".") > 1 else scan.node
        for number, of in enumerate(weights):
            by_kind[scan.kind][number] += billed(of(scan))
            by_reader[node, scan.kind, scan.table][number] += of(scan)
    kinds = sorted(by_kind.items(), key=lambda item: -item[1][-1])
    most = sorted(by_reader.items(), key=lambda item: -item[1][-1])[: facts["readers listed"]]
    return [
        f"{name}, billed\n",
        table(["for", "statements", *heads], [(k, counts[k], *map(gib, v)) for k, v in kinds]),
        f"{name}, read\n",
        table(["by", "for", "of", *heads], [(*k, *map(gib, v)) for k, v in most]),
    ]


def stored(full: Mapping[str, Size], worlds: Sequence[World], forecasts: set[str]) -> str:
    """Sizes of the tables after a full rebuild."""
    whole = {n: s for n, s in full.items() if s.rows and "_staging." not in n and "._dlt" not in n}
    weights = {
        name: [world.of(Scan(0, "", "", name, size.bytes), forecasts=forecasts) for world in worlds]
        for name, size in whole.items()
    }
    largest = sorted(whole, key=lambda name: -weights[name][-1])[:20]
    rows = [
        (
            name,
            f"{whole[name].rows:,}",
            len(whole[name].columns),
            f"{whole[name].bytes / whole[name].rows:.0f}",
            *map(gib, weights[name]),
        )
        for name in largest
    ]
    totals = [sum(column) for column in zip(*weights.values(), strict=True)]
    rows.append(("all", "", "", "", *map(gib, totals)))
    month = [f"{total / GIB * DOLLARS_A_GIB_AND_MONTH:.2f}" for total in totals]
    rows.append(("$ a month", "", "", "", *month))
    head = ["table", "rows", "columns", "bytes a row", *(f"GiB {world.name}" for world in worlds)]
    return table(head, rows)


def facts_of(connection: Any, builds: Mapping[str, Build], top: int) -> dict[str, Any]:
    """What the estimate rests on."""
    [games, dates, season, season_dates, priced, forecast] = connection.execute(
        """
        with seasons as (
            select count(*) as games, count(distinct game_date) as dates
            from marts.games
            group by season
        )

        select
            count(*),
            count(distinct game_date),
            (select max(games) from seasons),
            (select max(dates) from seasons),
            (select count(distinct game_id) from intermediate.int_prop_quotes__paired),
            (select count(distinct game_id) from raw_forecasts.forecasts)
        from marts.games
        """
    ).fetchone()
    statements = [one for build in builds.values() for one in build.statements]
    stems = forecast_tables(PROJECT / "models")
    return {
        "games": games,
        "dates": dates,
        "games of a season": season,
        "dates of a season": season_dates,
        "games with prices": priced,
        "games with a forecast": forecast,
        "longest statement, characters": max(len(one.sql) for one in statements),
        "most columns": max(len(size.columns) for size in builds[FULL].sizes.values()),
        "readers listed": top,
        "forecast tables": {
            name
            for name in builds[FULL].sizes
            if name.startswith("raw_forecasts.") or name.split(".")[1] in stems
        },
    }


def worlds_of(facts: Mapping[str, Any], leagues_and_seasons: Sequence[str]) -> list[World]:
    """The worlds asked for, each as `leagues x seasons`; every game of them priced and forecast."""
    fills = {
        "prices": facts["games"] / max(facts["games with prices"], 1),
        "forecasts": facts["games"] / max(facts["games with a forecast"], 1),
    }
    worlds = []
    for asked in leagues_and_seasons:
        leagues, seasons = (int(number) for number in asked.split("x"))
        history = leagues * seasons * facts["games of a season"] / facts["games"]
        worlds.append(World(f"{leagues} × {seasons}", history, leagues, fills))
    return worlds


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, required=True, help="NBA_PROPS_HOME of a warehouse")
    parser.add_argument("--worlds", nargs="+", default=["1x3", "30x20"], help="leagues x seasons")
    parser.add_argument("--top", type=int, default=15, help="readers to list a situation")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copyfile(arguments.home / "warehouse.duckdb", home / "warehouse.duckdb")
        builds = run_situations(home)
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
            facts = facts_of(connection, builds, arguments.top)
    print(report(builds, worlds_of(facts, arguments.worlds), facts))


if __name__ == "__main__":
    main()
