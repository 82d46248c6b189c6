"""A slate is forecast while a person waits: 450 players, all markets and sums, drivers included."""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from made_up_league import FEATURES, SYSTEMS, made_up_examples, morning

from flows.forecasting.card import TrainingParameters
from flows.forecasting.drivers import drivers_of
from flows.forecasting.predict import predict
from flows.forecasting.systems import fit_systems
from flows.forecasting.training import LABELS, train

PLAYERS, DAYS, NOISE = 450, 12, 130
SECONDS = 2.0


def test_a_slate_of_450_players_takes_less_than_two_seconds() -> None:
    examples = made_up_examples(players=PLAYERS, days=DAYS)
    rng = np.random.default_rng(2)
    noise = [f"noise_{i}" for i in range(NOISE)]
    for name in noise:
        examples = examples.append_column(name, pa.array(rng.normal(size=examples.num_rows)))
    today = DAYS - 1
    asked = {"as_of": morning(today), "information_set": "BASE"}
    known = examples.filter(pc.less(examples["games_played"], today))
    features = (*FEATURES, *noise)
    params = TrainingParameters(iterations=250, border_count=32)
    ours = [train(known, features, market, params=params, **asked) for market in LABELS]
    rivals = fit_systems(known, SYSTEMS, **asked)
    slate = examples.filter(pc.equal(examples["games_played"], today))

    def forecast() -> tuple[pa.Table, list[pa.Table]]:
        made = predict(
            [*ours, *rivals],
            slate,
            run_id="run",
            as_of=morning(today),
            created_at=morning(today) + timedelta(minutes=1),
            run_mode="replay",
        )
        versions = [(one, one.card.model_version) for one in ours]
        return made, [
            drivers_of(one, slate, made.filter(pc.equal(made["model_version"], version)))
            for one, version in versions
        ]

    # the best of three: other work on the machine is no fault of ours
    times = []
    for _ in range(3):
        began = time.perf_counter()
        made, explained = forecast()
        times.append(time.perf_counter() - began)

    assert pc.count_distinct(made["market"]).as_py() == 8
    assert made.num_rows > 8 * PLAYERS
    assert [one.num_rows for one in explained] == [6 * PLAYERS] * 4
    assert min(times) < SECONDS, times
