"""Fixtures every room's tests may use: a store of each kind, empty, closed at the end.

And which tests are collected, and in what turn they run.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.new_stores import make_new_stores_quickly
from tests.postgresql import make_database, postgresql
from tests.turns import in_turn, may_hold

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
_numbers = itertools.count(1)

# The same tree gives the same verdict, on a loaded machine too: no example is judged by its time
# and none by chance. To look further: pytest --hypothesis-profile default.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out modules that have no test with the only mark asked for: importing takes long."""
    expression = config.getoption("markexpr")
    if collection_path.suffix != ".py" or not expression:
        return None
    return None if may_hold(collection_path.read_text("utf-8"), expression) else True


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have workers begin with what takes longest; after others have chosen and shuffled."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        items[:] = in_turn(items, workers)


@pytest.fixture(scope="session", autouse=True)
def new_stores() -> Iterator[None]:
    """Have new stores made quickly; `tests/store` has them migrated."""
    with pytest.MonkeyPatch.context() as patch:
        make_new_stores_quickly(patch)
        yield


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """Give the socket folder of a PostgreSQL that lives as long as the run."""
    with postgresql() as folder:
        yield folder


@pytest.fixture
def location(tmp_path: Path) -> StoreLocation:
    """Give the place of an embedded store that is not there yet."""
    return StoreLocation.parse(str(tmp_path / "store"))


@pytest.fixture(scope="session")
def model_database(cluster: Path) -> str:
    """Give the name of a database that is an empty store: others are made as it is."""
    open_store(StoreLocation.parse(make_database(cluster, "model"))).close()
    return "model"


@pytest.fixture(params=["embedded", "shared"])
def any_location(request: pytest.FixtureRequest, tmp_path: Path) -> StoreLocation:
    """Give the place of an empty store of each kind."""
    if request.param == "embedded":
        return StoreLocation.parse(str(tmp_path / "store"))
    folder, model = map(request.getfixturevalue, ("cluster", "model_database"))
    return StoreLocation.parse(make_database(folder, f"store_{next(_numbers)}", model))


@pytest.fixture
def any_store(any_location: StoreLocation) -> Iterator[Store]:
    """Give an open store of each kind."""
    store = open_store(any_location)
    yield store
    store.close()


@pytest.fixture
def store(location: StoreLocation) -> Iterator[Store]:
    """Give an open embedded store."""
    opened = open_store(location)
    yield opened
    opened.close()


@pytest.fixture
def now() -> datetime:
    """Give the moment at which tests begin."""
    return NOW
