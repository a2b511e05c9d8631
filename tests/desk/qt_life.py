"""Lets the window work until something holds, and ends what a test opened."""

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget


def end(*things: QObject) -> None:
    """Close and delete at once: what Qt deletes in a later test dies half collected."""
    for thing in things:
        if isinstance(thing, QWidget):
            thing.close()
        thing.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def wait_until(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    """Let the window work until a condition holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it did not happen in time"
        QCoreApplication.processEvents()
        time.sleep(0.005)
