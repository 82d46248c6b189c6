"""The negative binomial that the models make in SQL, against scipy's."""

from __future__ import annotations

from types import SimpleNamespace

import duckdb
import jinja2
import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import nbinom

from loaders.settings import PROJECT_ROOT

MEANS = np.concatenate([[0.01, 0.011, 90.0], np.geomspace(0.01, 90, 60), np.arange(1.0, 60, 7)])
RATIOS = np.array([1.0001, 1.01, 1.3, 1.75, 2.5, 4.0, 6.0])
FILES = ("cross_db/whole_numbers.sql", "formulas/negative_binomial.sql")


@pytest.fixture(scope="module")
def macros() -> object:
    """The macros as dbt renders them for DuckDB."""
    text = "".join((PROJECT_ROOT / "macros" / name).read_text() for name in FILES)
    found = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(text)
    given = {
        "return": lambda value: value,
        "dbt": SimpleNamespace(type_bigint=lambda: "bigint"),
        "adapter": SimpleNamespace(dispatch=lambda name, _: getattr(made, f"default__{name}")),
    }
    made = found.make_module(given)
    return made


@pytest.fixture(scope="module")
def asked() -> pa.Table:
    mean, ratio = (one.ravel() for one in np.meshgrid(MEANS, RATIOS))
    ids = np.arange(mean.size)
    return pa.table({"forecast_id": ids, "mean": mean, "variance": mean * ratio})


def evaluated(asked: pa.Table, macros: object, last: str) -> dict[str, np.ndarray]:
    steps = macros.negative_binomial("asked", "forecast_id", last)
    rows = "select * from distributions inner join asked using (forecast_id)"
    return duckdb.sql(f"with {steps} {rows}").fetchnumpy()


def parameters(found: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    mean, variance = found["mean"], found["variance"]
    return mean**2 / (variance - mean), mean / variance


def test_cumulative_probabilities_are_scipys(asked: pa.Table, macros: object) -> None:
    found = evaluated(asked, macros, macros.outcome_above_all("mean", "variance"))

    expected = nbinom.cdf(found["value"], *parameters(found))
    assert found["value"].size > 20_000
    np.testing.assert_allclose(found["cumulative_probability"], expected, rtol=0, atol=1e-9)
    assert np.array_equal(np.unique(found["forecast_id"]), np.arange(asked.num_rows))


def test_nothing_worth_a_word_lies_above_the_last_outcome(asked: pa.Table, macros: object) -> None:
    found = evaluated(asked, macros, macros.outcome_above_all("mean", "variance"))

    last = np.zeros(asked.num_rows, dtype=np.int64)
    np.maximum.at(last, found["forecast_id"], found["value"])
    columns = {name: asked[name].to_numpy() for name in ("mean", "variance")}
    assert np.max(nbinom.sf(last, *parameters(columns))) < 1e-12


def test_every_quantile_is_found_below_the_bound_and_is_scipys(
    asked: pa.Table, macros: object
) -> None:
    found = evaluated(asked, macros, macros.outcome_above_most("mean", "variance"))

    columns = {name: asked[name].to_numpy() for name in ("mean", "variance")}
    for level in (0.1, 0.25, 0.5, 0.75, 0.9):
        reached = found["cumulative_probability"] >= level
        quantile = np.full(asked.num_rows, -1)
        ids, values = found["forecast_id"][reached], found["value"][reached]
        order = np.argsort(-values)
        quantile[ids[order]] = values[order]
        np.testing.assert_array_equal(quantile, nbinom.ppf(level, *parameters(columns)))


def test_what_has_no_distribution_has_no_rows(macros: object) -> None:
    asked = pa.table(
        {"forecast_id": [1, 2, 3, 4], "mean": [2.0, -1.0, 0.0, 5.0], "variance": [2.0, 3.0, 1.0, 9]}
    )
    found = evaluated(asked, macros, "3")
    assert set(found["forecast_id"]) == {4}
    assert found["value"].tolist() == [0, 1, 2, 3]
