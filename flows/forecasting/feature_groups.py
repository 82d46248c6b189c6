"""What a group of features buys: our model without it, and with it beside the core alone."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.evaluation import OURS, Block, Question, evaluate_block
from flows.forecasting.evaluation_tables import FEATURE_GROUPS

CORE = ("form", "minutes")
"""Groups that every forecast begins with: what he has done, and how long he plays."""


@dataclass(frozen=True)
class Choice:
    """Features that a model reads. choice: all, without, core or core_with (the group)."""

    choice: str
    feature_group: str
    features: tuple[str, ...]


def choices(groups: Mapping[str, str]) -> list[Choice]:
    """The choices that tell what each group is worth; `groups`: the group of each feature."""
    names = sorted(set(groups.values()))

    def those(*wanted: str) -> tuple[str, ...]:
        return tuple(sorted(one for one, group in groups.items() if group in wanted))

    core = [one for one in names if one in CORE]
    found = [Choice("all", "", those(*names)), Choice("core", "", those(*core))]
    found += [Choice("without", one, those(*(n for n in names if n != one))) for one in names]
    found += [Choice("core_with", n, those(*core, n)) for n in names if n not in core]
    return [one for one in found if one.features]


def evaluate_choice(
    examples: pa.Table,
    blocks: Sequence[Block],
    question: Question,
    choice: Choice,
    *,
    scored: pa.ChunkedArray | pa.Array,
) -> pa.Table:
    """One row of `feature_groups`, all but `evaluation_id`: our scores over all blocks.

    Raises: as `evaluate_block`.
    """
    began = time.perf_counter()
    scores = [evaluate_block(examples, one, question, scored=scored)[0] for one in blocks]
    rows = pa.concat_tables(scores)
    rows = rows.filter(pc.equal(rows["system"], OURS))
    made = {
        "market": question.market,
        "choice": choice.choice,
        "feature_group": choice.feature_group,
        "features": len(choice.features),
        "rows_scored": rows.num_rows,
        "mae_median": pc.mean(rows["absolute_error"]).as_py(),
        "crps": pc.mean(rows["crps"]).as_py(),
        "seconds": time.perf_counter() - began,
    }
    schema = FEATURE_GROUPS.arrow_schema()
    return pa.Table.from_pylist([made], schema=pa.schema([schema.field(name) for name in made]))
