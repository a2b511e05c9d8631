"""The tests of the store see its migrations at work."""

import pytest

from tests.new_stores import migrate_new_stores
from tests.postgresql import EMPTY


@pytest.fixture(autouse=True)
def migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every new store migrated as the program does it."""
    migrate_new_stores(monkeypatch)


@pytest.fixture(scope="session")
def model_database() -> str:
    """Have a database begin empty."""
    return EMPTY
