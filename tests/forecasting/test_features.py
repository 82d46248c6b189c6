import numpy as np
import pyarrow as pa
import pytest

from flows.forecasting.errors import FeatureContractError
from flows.forecasting.features import feature_list, feature_list_hash, feature_matrix


def contract(*names: str | None) -> pa.Table:
    return pa.table(
        {"feature": pa.array(names, pa.string()), "feature_group": ["form"] * len(names)}
    )


def test_feature_list_does_not_depend_on_the_order_of_the_seed():
    assert feature_list(contract("b", "a", "c")) == feature_list(contract("c", "b", "a"))


@pytest.mark.parametrize("names", [(), ("a", None), ("a", ""), ("a", "b", "a")])
def test_unusable_contract_is_an_error(names):
    with pytest.raises(FeatureContractError):
        feature_list(contract(*names))


def test_hash_knows_names_and_order():
    assert feature_list_hash(("a", "b")) == feature_list_hash(["a", "b"])
    assert (
        len({feature_list_hash(f) for f in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", "c"))}) == 4
    )


def test_matrix_is_built_by_name_and_null_is_nan():
    table = pa.table(
        {
            "z": pa.array([1.5, None, 3.0]),
            "unused": ["x", "y", "z"],
            "flag": pa.array([True, False, None]),
            "count": pa.array([None, 2, 3], pa.int64()),
            "empty": pa.nulls(3),
        }
    )
    matrix = feature_matrix(table, ("count", "empty", "flag", "z"))
    assert matrix.dtype == np.float32
    nan = np.nan
    expected = [[nan, nan, 1, 1.5], [2, nan, 0, nan], [3, nan, nan, 3]]
    np.testing.assert_array_equal(matrix, np.array(expected, np.float32))


def test_zero_is_not_a_missing_value():
    matrix = feature_matrix(pa.table({"a": pa.array([0.0, None])}), ("a",))
    assert matrix[0, 0] == 0
    assert np.isnan(matrix[1, 0])


def test_every_missing_column_is_named():
    with pytest.raises(FeatureContractError, match="pace, usage"):
        feature_matrix(pa.table({"form": [1.0]}), ("form", "pace", "usage"))


@pytest.mark.parametrize("column", [pa.array(["7"]), pa.array([float("inf")])])
def test_text_and_infinity_are_errors_that_name_the_column(column):
    with pytest.raises(FeatureContractError, match="pace"):
        feature_matrix(pa.table({"pace": column}), ("pace",))
