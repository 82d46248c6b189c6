"""The feature contract: which columns a model reads, checked and turned into a matrix by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.forecasting.errors import FeatureContractError


def feature_list(contract: pa.Table) -> tuple[str, ...]:
    """Feature names of the seed `feature_contract` (one row a feature, column `feature`), sorted.

    Sorted, because no engine promises the order of a seed's rows.

    Raises:
        FeatureContractError: no column `feature`, no row, an empty name, or a name twice.
    """
    if "feature" not in contract.column_names:
        raise FeatureContractError("feature_contract has no column 'feature'; rebuild the seed")
    names = contract.column("feature").to_pylist()
    if not names or not all(names):
        raise FeatureContractError("feature_contract holds no feature, or one without a name")
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise FeatureContractError(f"feature_contract names twice: {', '.join(repeated)}")
    return tuple(sorted(names))


def feature_list_hash(features: Sequence[str]) -> str:
    """Hash (16 hex characters) of the ordered feature names."""
    return hashlib.sha256(json.dumps(list(features)).encode()).hexdigest()[:16]


def require_columns(table: pa.Table, columns: Sequence[str], what: str) -> None:
    """Raise FeatureContractError that names every one of `columns` which `table` lacks."""
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise FeatureContractError(
            f"{what} lacks column(s) {', '.join(missing)}; build the features again"
        )


def feature_matrix(table: pa.Table, features: Sequence[str]) -> np.ndarray:
    """Features as float32, shape (rows, len(features)); columns are found by name, NULL is NaN.

    Raises:
        FeatureContractError: a column is missing, is no number or boolean, or holds infinity.
    """
    require_columns(table, features, "the feature table")
    types = {name: table.schema.field(name).type for name in features}
    unfit = [f"{name} ({kind})" for name, kind in types.items() if not _is_numeric(kind)]
    if unfit:
        raise FeatureContractError(f"features must be numbers or booleans: {', '.join(unfit)}")
    matrix = np.empty((table.num_rows, len(features)), dtype=np.float32, order="F")
    for index, name in enumerate(features):
        column = pc.cast(table.column(name), pa.float32(), safe=False)
        matrix[:, index] = column.to_numpy()
    infinite = np.isinf(matrix).any(axis=0)
    if infinite.any():
        named = ", ".join(name for name, bad in zip(features, infinite, strict=True) if bad)
        raise FeatureContractError(f"features hold infinity, a division by zero: {named}")
    return matrix


def floats(column: pa.ChunkedArray) -> np.ndarray:
    """A column as float64, NULL as NaN."""
    return pc.cast(column, pa.float64()).to_numpy()


def column_of(system: str, market: str) -> str:
    """Column of marts.baseline_means with a system's mean."""
    return f"{system}_{market}"


def _is_numeric(kind: pa.DataType) -> bool:
    """Whether a column of this type can be a feature; all-NULL columns can."""
    checks = (pa.types.is_integer, pa.types.is_floating, pa.types.is_boolean, pa.types.is_null)
    return any(check(kind) for check in checks) or pa.types.is_decimal(kind)
