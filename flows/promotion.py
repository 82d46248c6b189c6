"""Which model forecasts a market: the last one promoted, by the rule of marts.model_comparisons.

A market and information set without a promotion is forecast by the model that was trained last.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from flows import warehouse
from flows.errors import ArgumentError, PromotionRefused

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.clock import Clock
    from flows.modelling import Trained
    from loaders.settings import Settings

DECISIONS = "raw_forecasts.model_promotions"
CHAMPIONS = "marts.model_champions"
COMPARISONS = "marts.model_comparisons"
PROMOTE, ROLLBACK, PIN = "promote", "rollback", "pin"


@dataclass(frozen=True)
class Decision:
    """A row of `raw_forecasts.model_promotions`."""

    promotion_id: str
    promoted_at: datetime
    market: str
    information_set: str
    model_version: str
    previous_version: str | None
    action: str
    reason: str
    evidence: str


def promoted(settings: Settings, *, information_set: str, as_of: datetime) -> dict[str, str]:
    """By market, the model that was decided on before `as_of`; none where the newest forecasts."""
    if not warehouse.relation_exists(settings, DECISIONS):
        return {}
    rows = warehouse.query(
        settings,
        f"""
        select market, model_version
        from {DECISIONS}
        where information_set = ? and promoted_at <= ?
        order by promoted_at, promotion_id
        """,
        [information_set, as_of],
    )
    return dict(zip(rows["market"].to_pylist(), rows["model_version"].to_pylist(), strict=True))


def under_champions(
    settings: Settings, models: Sequence[Trained], champions: dict[str, str]
) -> list[Trained]:
    """The models with the promoted ones among them, which forecast in place of others.

    champions: as `promoted` gives them. The others of their markets challenge, and stand first.

    Raises:
        ModelError: a promoted model is not there, or is not what was promoted.
    """
    from flows.forecasting.registry import load
    from flows.forecasting.training import SYSTEM
    from flows.modelling import Trained

    def is_challenger(one: Trained) -> bool:
        champion = champions.get(one.card.market) if one.card.system == SYSTEM else None
        return champion is not None and champion != one.card.model_version

    there = {one.card.model_version for one in models}
    missing = [version for version in champions.values() if version not in there]
    return [
        *(replace(one, is_champion=False) for one in models if is_challenger(one)),
        *(one for one in models if not is_challenger(one)),
        *(Trained(load(settings, version), False) for version in missing),
    ]


def listed(settings: Settings) -> pa.Table:
    """Every model with trees, champions first, beside what it was compared by.

    Raises:
        WarehouseMissing: nothing was built yet.
    """
    return warehouse.query(
        settings,
        f"""
        select
            versions.market,
            versions.information_set,
            versions.model_version,
            versions.trained_as_of,
            versions.n_rows,
            champions.basis,
            compared.evidence,
            compared.n_rows as compared_rows,
            compared.mean_absolute_error,
            compared.champion_mean_absolute_error,
            compared.standard_error,
            compared.is_enough,
            compared.is_not_worse
        from staging.stg_forecasts__model_versions as versions
        left join {CHAMPIONS} as champions
            on versions.model_version = champions.model_version
        left join {COMPARISONS} as compared
            on versions.model_version = compared.model_version
        where versions.system = 'catboost'
        order by
            versions.market, versions.information_set,
            case when champions.model_version is null then 1 else 0 end,
            versions.trained_as_of desc, versions.model_version, compared.evidence
        """,
    )


def promote(settings: Settings, version: str, *, reason: str, clock: Clock) -> Decision:
    """Let a model forecast its market from now on.

    Raises:
        ArgumentError: no such model.
        PromotionRefused: it forecasts already, nothing compares it with the one that does, or it
            is worse by more than the standard error.
        ModelError: it is not stored here, or is not what was trained.
        WarehouseMissing: nothing was built yet.
    """
    from flows.forecasting.registry import load

    [market, information_set] = _known(settings, version)
    champion = _champion(settings, market, information_set)
    if champion == version:
        raise PromotionRefused(f"{version} forecasts {market} ({information_set}) already")
    evidence = _compared(settings, version)
    _require_rule(version, champion, evidence)
    load(settings, version)
    return _decide(
        settings,
        (market, information_set),
        (version, champion),
        action=PROMOTE,
        reason=reason,
        evidence=evidence,
        clock=clock,
    )


def pin(
    settings: Settings, *, market: str, information_set: str | None, reason: str, clock: Clock
) -> list[Decision]:
    """Let the models that forecast a market now go on, whatever is trained later.

    Raises:
        PromotionRefused: no model forecasts it, or all are decided on already.
    """
    rows = _champions(settings, market, information_set)
    newest = [row for row in rows if row["basis"] == "newest"]
    if not newest:
        raise PromotionRefused(f"no newest model of {market} is there to be pinned")
    return [
        _decide(
            settings,
            (market, row["information_set"]),
            (row["model_version"], row["model_version"]),
            action=PIN,
            reason=reason,
            clock=clock,
        )
        for row in newest
    ]


def roll_back(
    settings: Settings, *, market: str, information_set: str | None, reason: str, clock: Clock
) -> list[Decision]:
    """Let the models forecast again that did before the last decision on a market.

    Rolled back again and again it goes on to the one before. Where nothing was ever decided, to the
    model that was trained before the newest. information_set: None means all.

    Raises:
        PromotionRefused: no model did before.
        ModelError: the model that did is not stored here, or is not what was trained.
        WarehouseMissing: nothing was built yet.
    """
    from flows.forecasting.registry import load

    changes = []
    for row in _champions(settings, market, information_set):
        about = (market, row["information_set"])
        before = _before(settings, about, row["model_version"])
        if before is not None:
            load(settings, before)
            changes.append((about, (before, row["model_version"])))
    if not changes:
        raise PromotionRefused(f"no other model forecast {market} before: nothing to go back to")
    return [
        _decide(settings, about, versions, action=ROLLBACK, reason=reason, clock=clock)
        for about, versions in changes
    ]


def _before(settings: Settings, about: tuple[str, str], champion: str) -> str | None:
    """The model that forecast before the champion did; None where there was none."""
    decided = warehouse.query(
        settings,
        f"select * from {DECISIONS} where market = ? and information_set = ?"
        " order by promoted_at, promotion_id",
        about,
    ).to_pylist()
    stack: list[str] = []
    for row in decided:
        if row["action"] == ROLLBACK:
            stack = stack[:-1]
        elif not stack and row["previous_version"] is not None:
            stack = [row["previous_version"]]
        if stack[-1:] != [row["model_version"]]:
            stack.append(row["model_version"])
    if len(stack) > 1:
        return stack[-2]
    earlier = warehouse.query(
        settings,
        """
        select others.model_version
        from staging.stg_forecasts__model_versions as others
        inner join staging.stg_forecasts__model_versions as champion
            on others.market = champion.market
            and others.information_set = champion.information_set
            and others.system = champion.system
        where champion.model_version = ? and others.trained_as_of < champion.trained_as_of
        order by others.trained_as_of desc, others.trained_at desc, others.model_version
        limit 1
        """,
        [champion],
    )
    return next(iter(earlier["model_version"].to_pylist()), None)


def _known(settings: Settings, version: str) -> list[str]:
    rows = warehouse.query(
        settings,
        "select market, information_set from staging.stg_forecasts__model_versions"
        " where model_version = ? and system = 'catboost'",
        [version],
    ).to_pylist()
    if not rows:
        raise ArgumentError(f"no model {version}; `nba-props models list` lists them")
    return list(rows[0].values())


def _champions(settings: Settings, market: str, information_set: str | None) -> list[dict]:
    rows = warehouse.query(
        settings,
        f"select * from {CHAMPIONS} where market = ? order by information_set",
        [market],
    ).to_pylist()
    return [row for row in rows if information_set in (None, row["information_set"])]


def _champion(settings: Settings, market: str, information_set: str) -> str | None:
    rows = _champions(settings, market, information_set)
    return rows[0]["model_version"] if rows else None


def _compared(settings: Settings, version: str) -> list[dict]:
    return warehouse.query(
        settings,
        f"select * from {COMPARISONS} where model_version = ? order by evidence",
        [version],
    ).to_pylist()


def _require_rule(version: str, champion: str | None, evidence: Collection[dict]) -> None:
    """The rule itself stands in marts.model_comparisons; here it is only obeyed."""
    enough = [row for row in evidence if row["is_enough"]]
    if worse := [row for row in enough if not row["is_not_worse"]]:
        said = "; ".join(
            f"{row['evidence']} {row['mean_absolute_error']:.4f} beside "
            f"{row['champion_mean_absolute_error']:.4f}, "
            f"standard error {row['standard_error']:.4f}, over {row['n_rows']} rows"
            for row in worse
        )
        raise PromotionRefused(
            f"{version} is worse than {champion} by more than the standard error: {said}"
        )
    if not enough:
        rows = max((row["n_rows"] for row in evidence), default=0)
        raise PromotionRefused(
            f"{version} and {champion} share only {rows} held-out or graded rows, too few to "
            "compare: train both anew with `nba-props retrain`, or wait for results"
        )


def _decide(
    settings: Settings,
    about: tuple[str, str],
    versions: tuple[str, str | None],
    *,
    action: str,
    reason: str,
    clock: Clock,
    evidence: Sequence[dict] = (),
) -> Decision:
    import pyarrow as pa

    from flows.forecasting.tables import MODEL_PROMOTIONS
    from loaders.pipeline import Batch, write

    now = clock()
    decision = Decision(
        f"{now:%Y%m%dT%H%M%S%fZ}-{uuid.uuid4().hex[:8]}",
        now,
        *about,
        *versions,
        action,
        reason,
        json.dumps(list(evidence), sort_keys=True, default=str),
    )
    rows = pa.Table.from_pylist([asdict(decision)], schema=MODEL_PROMOTIONS.arrow_schema())
    write(settings, "forecasts", [Batch(MODEL_PROMOTIONS, rows)])
    return decision
