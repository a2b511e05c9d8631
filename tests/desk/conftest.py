"""What every test of the window needs: Qt without a display, and one application a run."""

import gc
import os
from collections.abc import Iterator

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def application() -> QApplication:
    """Give the one QApplication of the run."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])


@pytest.fixture(scope="module", autouse=True)
def no_garbage_of_qt() -> Iterator[None]:
    """Leave none to the tests that follow, whose threads might delete it."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Have what Qt made collected in this thread, as `desk.garbage` does in the program: a timer
    that another thread deletes goes on, and what it calls is gone.
    """
    gc.disable()
    yield
    gc.collect(1)
    gc.enable()


@pytest.fixture
def composing(application, tmp_path, monkeypatch):
    """Give what opens a composer on a store of its own; the name service is not asked."""
    from tests.desk.composer_bench import ComposerBench

    monkeypatch.setattr("noc_console.desk.composer.composer_reading.look_up", lambda _hosts: {})
    bench = ComposerBench(tmp_path / "store")
    yield bench
    bench.end()
