"""Retention: what may go by the settings, shown first, deleted only when it is asked for.

Nothing goes by default. What goes is what no table of the warehouse is made of: the next build
gives the same rows. Superseded evaluations alone take their reports along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows import backup, defaults, runs, warehouse
from flows.clock import REPLAY, Clock, eastern_date
from flows.errors import PruneRefused
from flows.published_files import STAMP, snapshots
from flows.trigger import Trigger
from loaders import files
from loaders.engines import engine

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.settings import Settings

UNUSED_PRICES = "audit.price_snapshots_unused"
PRICING = ("archive", "odds_api")
PRICES = ("player_props", "game_lines")
# What a run leaves behind beside its own row, which stays, as waivers and alerts do.
AUDITED = ("nodes", "gate_results", "steps", "source_states", "api_quota")
OF_OLD_RUNS = "run_id in (select run_id from raw_runs.runs where started_at < ?)"
# A load that wrote rows is where they come from: without it they could not be traced.
WITHOUT_ROWS = "coalesce(rows_loaded, 0) = 0"
# Evaluations of one question with enough finished ones begun after them. Those that feature groups
# were measured of stay: a newer one of the same question need not have measured them.
SUPERSEDED = """
evaluation_id in (
    select older.evaluation_id
    from raw_evaluations.evaluations as older
    inner join raw_evaluations.evaluations as newer
        on older.season = newer.season
        and older.start_date = newer.start_date
        and older.end_date = newer.end_date
        and older.markets = newer.markets
        and older.information_set = newer.information_set
        and older.is_ceiling = newer.is_ceiling
        and older.started_at < newer.started_at
    where newer.finished_at is not null
    group by older.evaluation_id
    having count(*) >= ?
)
and evaluation_id not in (select evaluation_id from raw_evaluations.feature_groups)
"""
# The evaluations go last: the others' condition reads them.
EVALUATED = (
    ("scores", "game_date"),
    ("blocks", "block_start"),
    ("verdicts", "told_at"),
    ("evaluations", "started_at"),
)


@dataclass(frozen=True)
class Rule:
    """Rows of one table that may go.

    setting: the days or the count it follows from, as the variable is called.
    relation: `schema.name`.
    stamp: what says how old a row is.
    where: the condition, with `?` for `parameters`.
    """

    setting: str
    relation: str
    stamp: str
    where: str
    parameters: tuple[Any, ...]


@dataclass(frozen=True)
class Finding:
    """What a rule found, or deleted: how many, the oldest and the newest of them."""

    setting: str
    place: str
    rows: int
    oldest: Any = None
    newest: Any = None


@dataclass(frozen=True)
class Pruned:
    """All that was found; deleted too if there is a run."""

    findings: tuple[Finding, ...]
    run_id: str | None = None

    @property
    def rows(self) -> int:
        """All of them together."""
        return sum(finding.rows for finding in self.findings)


def prune(settings: Settings, *, apply: bool, clock: Clock, trigger: Trigger = Trigger()) -> Pruned:
    """Find what may go by the settings; with `apply` delete it, as a run of the ledger.

    Ages are counted from the as-of of the latest live run, so that a warehouse which nobody ran
    for a year does not lose it all; those of backups from now.

    Raises:
        PruneRefused: no setting says what may go, no run is entered yet, or loads wait for a build.
        WarehouseError: the warehouse could not be read or written.
    """
    if not any(_ages(settings).values()):
        names = ", ".join(f"NBA_PROPS_{name.upper()}" for name in _ages(settings))
        raise PruneRefused(f"nothing may go: set one of {names}; see docs/operations.md")
    as_of = _latest_as_of(settings)
    rules = _rules(settings, as_of)
    if not apply:
        found = [_found(settings, rule) for rule in rules]
        return Pruned(tuple(found + _others(settings, as_of, clock)))
    with runs.recorded(
        settings,
        clock,
        command="prune",
        # a live run would be the clock that a bare `dbt build` speaks from
        run_mode=REPLAY,
        as_of=None,
        trigger=trigger,
    ) as ledger:
        done = [_deleted(settings, rule) for rule in rules]
        done += _others(settings, as_of, clock, delete=True)
        gone = ", ".join(f"{one.rows} of {one.place}" for one in done if one.rows)
        ledger.complete(clock(), gone or "nothing to delete")
    return Pruned(tuple(done), ledger.run.run_id)


def _ages(settings: Settings) -> dict[str, int | None]:
    names = (
        *("prices_days", "rejects_days", "audit_days", "backups_days"),
        *("published_sets", "snapshots_days", "evaluations"),
    )
    return {f"keep_{name}": getattr(settings, f"keep_{name}") for name in names}


def _latest_as_of(settings: Settings) -> datetime:
    found = None
    if warehouse.relation_exists(settings, "raw_runs.runs"):
        rows = warehouse.query(
            settings, "select max(as_of) as as_of from raw_runs.runs where run_mode = 'live'"
        )
        found = rows["as_of"][0].as_py()
    if found is None:
        raise PruneRefused("no live run is entered yet, so nothing has an age: run first")
    return found


def _rules(settings: Settings, as_of: datetime) -> list[Rule]:
    """The rules that are on, over the tables that are there."""
    rules = []
    if settings.keep_prices_days is not None:
        _require_built(settings)
        # a game's day, not a snapshot's: all of a game's prices are judged at once
        last = eastern_date(as_of) - timedelta(days=settings.keep_prices_days)
        unused = f"select price_id from {UNUSED_PRICES} where source = ? and resource = ?"
        rules += [
            Rule(
                "keep_prices_days",
                f"raw_{source}.{resource}",
                "coalesce(captured_at, last_update)",
                f"row_key in ({unused} and game_date < ?)",
                (source, resource, last),
            )
            for source in PRICING
            for resource in PRICES
        ]
    if settings.keep_rejects_days is not None:
        before = as_of - timedelta(days=settings.keep_rejects_days)
        rules += [
            Rule(
                "keep_rejects_days",
                f"raw_{source}.rejects",
                "captured_at",
                "captured_at < ?",
                (before,),
            )
            for source in (*defaults.SOURCES, "bets")
        ]
    if settings.keep_audit_days is not None:
        before = as_of - timedelta(days=settings.keep_audit_days)
        named = [(name, OF_OLD_RUNS) for name in AUDITED]
        named += [("loads", f"{OF_OLD_RUNS} and {WITHOUT_ROWS}")]
        rules += [
            Rule("keep_audit_days", f"raw_runs.{name}", "run_id", where, (before,))
            for name, where in named
        ]
    if settings.keep_evaluations is not None:
        rules += [
            Rule(
                "keep_evaluations",
                f"raw_evaluations.{name}",
                stamp,
                SUPERSEDED,
                (settings.keep_evaluations,),
            )
            for name, stamp in EVALUATED
        ]
    return [rule for rule in rules if warehouse.relation_exists(settings, rule.relation)]


def _require_built(settings: Settings) -> None:
    """Which prices are looked at is known only of what is built."""
    if not warehouse.relation_exists(settings, UNUSED_PRICES):
        raise PruneRefused(f"{UNUSED_PRICES} is not built yet: run `nba-props daily` first")
    pending = warehouse.query(
        settings, "select distinct source from audit.loads_pending order by source"
    )
    if pending.num_rows:
        names = ", ".join(pending["source"].to_pylist())
        raise PruneRefused(
            f"loads of {names} wait for a build, which may need prices that now look unused: "
            "run `nba-props daily` first"
        )


def _found(settings: Settings, rule: Rule) -> Finding:
    [row] = warehouse.query(
        settings,
        f"""
        select count(*) as n, min({rule.stamp}) as oldest, max({rule.stamp}) as newest
        from {rule.relation}
        where {rule.where}
        """,
        rule.parameters,
    ).to_pylist()
    return Finding(rule.setting, rule.relation, row["n"], row["oldest"], row["newest"])


def _deleted(settings: Settings, rule: Rule) -> Finding:
    found = _found(settings, rule)
    if found.rows:
        engine(settings).delete(rule.relation, rule.where, rule.parameters)
    return found


def _others(
    settings: Settings, as_of: datetime, clock: Clock, *, delete: bool = False
) -> list[Finding]:
    """Published sets, snapshots of them and backups, which are no rows of a table."""
    findings = []
    if settings.keep_published_sets is not None:
        sets = engine(settings).published_sets()[settings.keep_published_sets :]
        if delete and sets:
            engine(settings).drop_published(sets)
        findings.append(_finding("keep_published_sets", "published sets", sets))
    if settings.keep_snapshots_days is not None:
        last = as_of - timedelta(days=settings.keep_snapshots_days)
        # a snapshot's name begins with the instant of its publication
        old = [path for path in snapshots(settings) if path.name < f"{last:{STAMP}}"]
        for folder in old if delete else ():
            files.remove(folder)
        findings.append(
            _finding("keep_snapshots_days", str(settings.snapshots_dir), [one.name for one in old])
        )
    if settings.keep_backups_days is not None:
        old = _old_backups(settings, clock() - timedelta(days=settings.keep_backups_days))
        for folder in old if delete else ():
            files.remove(folder)
        findings.append(
            _finding("keep_backups_days", str(settings.backups_dir), [path.name for path in old])
        )
    return findings


def _finding(setting: str, place: str, names: Sequence[str]) -> Finding:
    return Finding(setting, place, len(names), min(names, default=None), max(names, default=None))


def _old_backups(settings: Settings, before: datetime) -> list[Path]:
    """Whole backups made before an instant, without the newest one of all."""
    folders = settings.backups_dir.glob(f"*/{backup.MANIFEST}")
    made = sorted(
        (datetime.fromisoformat(backup.read_manifest(path.parent).created_at), path.parent)
        for path in folders
    )
    return [folder for made_at, folder in made[:-1] if made_at < before]
