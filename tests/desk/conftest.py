"""What every test of the window needs: Qt without a display, and one application a run."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication


@pytest.fixture(scope="session")
def application() -> QApplication:
    """Give the one QApplication of the run."""
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication([])
