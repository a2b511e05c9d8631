"""Every way over HTTP against a fake of its channel: the contract, and what each has of its own."""

from collections.abc import Iterator

import pytest

from tests.notices import fake_stands
from tests.notices.channel_contract import FakeContract, Stand


@pytest.fixture(params=fake_stands.ALL, ids=lambda make: make.__name__)
def stand(request: pytest.FixtureRequest) -> Iterator[Stand]:
    """Give each way with the fake it posts to."""
    made: Stand = request.param()
    yield made
    made.server.close()


class TestFakes(FakeContract):
    """The contract."""
