"""Engines that end with their test, and real servers that several tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from noc_console.store.location import StoreLocation
from noc_console.store.store import Store, open_store
from tests.engine.running import RunningEngine
from tests.sshd import Sshd


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    """Give a running sshd that the tests of a module share."""
    server = Sshd(tmp_path_factory.mktemp("sshd") / "sshd").start()
    yield server
    server.stop()


@pytest.fixture
def start_engine(tmp_path: Path) -> Iterator[Callable[..., RunningEngine]]:
    """Give a way to start engines; none outlives the test."""
    started: list[RunningEngine] = []

    def start(store: Store, *words: str, with_parent: bool = False) -> RunningEngine:
        started.append(RunningEngine(store, tmp_path, *words, with_parent=with_parent))
        return started[-1]

    yield start
    for engine in started:
        engine.end()


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give a store on which one engine watches while the tests of a module run."""
    store = open_store(StoreLocation.parse(str(tmp_path_factory.mktemp("shared") / "store")))
    yield store
    store.close()


@pytest.fixture(scope="module")
def engine(
    shared_store: Store, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningEngine]:
    """Give the engine on the shared store."""
    running = RunningEngine(shared_store, tmp_path_factory.mktemp("engine"))
    try:
        yield running.wait_until_watching()
    finally:
        running.end()
