"""A made-up league with a known truth: outcomes are negative binomial around a known mean."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
from scipy.stats import nbinom

FEATURES = ("form", "games_played", "is_home", "minutes", "never_known", "opponent")
SYSTEMS = ("ewma", "rare")
FIRST_DAY = date(2031, 1, 1)


def made_up_examples(players: int = 40, days: int = 60, seed: int = 7) -> pa.Table:
    """players x days rows of information set BASE; `true_mean` and `true_variance` are the truth.

    points: mean 3 .. 25, variance 2 m + 0.05 m^2. The system `ewma` knows the mean but of rows
    without form, `rare` knows the points of one player and nobody's assists.
    """
    rng = np.random.default_rng(seed)
    rows = players * days
    player = np.repeat(np.arange(players), days)
    day = np.tile(np.arange(days), players)
    form = rng.uniform(0.2, 0.7, players)[player]
    minutes = np.clip(rng.uniform(12, 34, players)[player] + rng.normal(0, 2, rows), 8, 38)
    opponent = rng.uniform(0.9, 1.1, rows)
    mean = form * minutes * opponent
    variance = 2 * mean + 0.05 * mean**2
    actual = rng.negative_binomial(mean**2 / (variance - mean), mean / variance)
    form_seen = np.where(rng.uniform(size=rows) < 0.05, np.nan, form)
    dates = [FIRST_DAY + timedelta(days=int(d)) for d in day]
    tipoff = [datetime(d.year, d.month, d.day, 23, tzinfo=UTC) for d in dates]
    return pa.table(
        {
            "feature_row_id": [f"{p}-{d}" for p, d in zip(player, day, strict=True)],
            "player_id": [f"p{p:03d}" for p in player],
            "game_id": [f"g{d:03d}-{p % 5}" for p, d in zip(player, day, strict=True)],
            "game_date": pa.array(dates, pa.date32()),
            "tipoff_at": pa.array(tipoff, pa.timestamp("us", "UTC")),
            "information_set": ["BASE"] * rows,
            "cut_off_at": pa.array(
                [t - timedelta(hours=12) for t in tipoff], pa.timestamp("us", "UTC")
            ),
            "result_known_at": pa.array(
                [t + timedelta(hours=3) for t in tipoff], pa.timestamp("us", "UTC")
            ),
            "source_load_id": [f"17000000{d:02d}.5" for d in day],
            "input_hash": [f"h{p}" for p in player],
            "quality_score": pa.array([90] * rows, pa.int64()),
            "quality_issues": ["no prop line"] * rows,
            "form": pa.array(form_seen, from_pandas=True),
            "minutes": minutes,
            "opponent": opponent,
            "is_home": pa.array(rng.uniform(size=rows) < 0.5),
            "games_played": pa.array(day, pa.int64()),
            "never_known": pa.nulls(rows, pa.float64()),
            "actual_points": pa.array(actual, pa.int64()),
            "actual_rebounds": pa.array(actual // 3, pa.int64()),
            "actual_assists": pa.array(actual // 4, pa.int64()),
            "actual_threes": pa.array(actual // 7, pa.int64()),
            "ewma_points": pa.array(
                np.where(np.isnan(form_seen), np.nan, mean * 1.02), from_pandas=True
            ),
            "ewma_rebounds": mean / 3,
            "ewma_assists": mean / 4,
            "ewma_threes": mean / 7,
            "rare_points": pa.array(np.where(player < 1, mean, np.nan), from_pandas=True),
            "rare_rebounds": mean / 3,
            "rare_assists": pa.nulls(rows, pa.float64()),
            "rare_threes": mean / 7,
            "true_mean": mean,
            "true_variance": variance,
        }
    )


def with_rivals(examples: pa.Table) -> pa.Table:
    """The league with two averages, and a market that knows the truth; every 7th has no line."""
    mean, variance = (examples[name].to_numpy() for name in ("true_mean", "true_variance"))
    line = np.floor(mean) + 0.5
    over = nbinom.sf(line, mean**2 / (variance - mean), mean / variance)
    known = np.arange(examples.num_rows) % 7 > 0
    rows = {
        "season_average_points": np.full(mean.size, mean.mean()),
        "ewma_points": mean * np.random.default_rng(5).uniform(0.7, 1.3, mean.size),
        "minutes_ewma_6": examples["minutes"].to_numpy(),
        "line": np.where(known, line, np.nan),
        "market_probability": np.where(known, over, np.nan),
    }
    examples = examples.drop_columns(["ewma_points"])
    for name, values in rows.items():
        examples = examples.append_column(name, pa.array(values, from_pandas=True))
    for name in ("over_price", "under_price"):
        prices = pa.array(np.where(known, -110.0, np.nan), from_pandas=True).cast(pa.int64())
        examples = examples.append_column(name, prices)
    for name in ("over_bookmaker", "under_bookmaker"):
        examples = examples.append_column(name, pa.repeat("book", examples.num_rows))
    return examples.append_column("line_known_at", examples["cut_off_at"])


def day(index: int) -> date:
    """The made-up league's day of that number."""
    return FIRST_DAY + timedelta(days=index)


def morning(index: int) -> datetime:
    """Noon UTC of that day: results of the days before are known, its games have not begun."""
    d = day(index)
    return datetime(d.year, d.month, d.day, 12, tzinfo=UTC)
