from __future__ import annotations

from collections.abc import Iterator

import pytest
from home import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that is served while the tests of a module run."""
    served = Home(tmp_path_factory.mktemp("home")).serve()
    try:
        yield served
    finally:
        served.end()


@pytest.fixture
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home that is not served yet; what serves it is ended behind the test."""
    made = Home(tmp_path_factory.mktemp("home"))
    try:
        yield made
    finally:
        made.end()
