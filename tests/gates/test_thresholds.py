"""A gate without its row in the seed of the thresholds passes nothing on."""

from __future__ import annotations

import pytest
from lab import Lab
from scenario import Edit

from flows.dbt_runner import BuildResult
from flows.errors import DbtBuildFailed
from loaders.settings import PROJECT_ROOT

SEED = "seeds/gate_thresholds.csv"
HEADER, *LINES = (PROJECT_ROOT / SEED).read_text(encoding="utf-8").splitlines(keepends=True)
[DRAWS] = [line for line in LINES if ",no_final_game_is_a_draw," in line]


@pytest.mark.parametrize("taken", [DRAWS, "".join(LINES)], ids=["one row", "all rows"])
def test_a_metric_that_lost_its_threshold_blocks_every_gate(lab: Lab, taken: str) -> None:
    lab.reset()
    built: list[BuildResult] = []
    dbt = lab.project([Edit(SEED, taken, "")])
    dbt.built = built.append
    with pytest.raises(DbtBuildFailed, match="test has_every_gate_gate_thresholds_metric"):
        dbt.build(select="gate_thresholds+1")
    behind = {node.name: node.status for node in built[0].nodes if node.path.startswith("models/")}
    assert {"gate_raw", "gate_predictions"} < behind.keys()
    assert set(behind.values()) == {"skipped"}
