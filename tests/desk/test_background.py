"""Work goes elsewhere; its outcome comes back to the GUI thread, and only to the living."""

import threading

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from noc_console.desk.background import Background
from noc_console.errors import ConsoleError
from tests.desk.qt_life import wait_until


class Refused(ConsoleError):
    """A failure of these tests."""


@pytest.fixture
def background(application):
    background = Background(lambda bug: f"logged {bug}")
    yield background
    background.close()
    background.deleteLater()


def refuse(_outcome):
    pytest.fail("this must not be told")


def test_work_is_done_elsewhere_and_told_here(background):
    told = []
    background.call(
        threading.current_thread,
        lambda worker: told.append((worker, threading.current_thread())),
        refuse,
        background,
    )

    wait_until(lambda: told)

    worker, teller = told[0]
    assert worker is not teller
    assert teller is threading.current_thread()


def test_an_expected_failure_is_told_as_such(background):
    def work():
        raise Refused("Ask again later.")

    told = []
    background.call(work, refuse, told.append, background)

    wait_until(lambda: told)

    assert told[0].sentence == "Ask again later."


def test_a_bug_is_logged_told_and_does_not_stop_later_work(background):
    sentences, told = [], []
    background.bug_met.connect(sentences.append)
    for _ in range(8):
        background.call(lambda: 1 / 0, refuse, refuse, background)
    background.call(lambda: "well", told.append, refuse, background)

    wait_until(lambda: told and len(sentences) == 8)

    assert sentences[0] == "logged division by zero"


def test_the_dead_are_told_nothing(background):
    owner, told = QObject(), []
    may_go_on = threading.Event()
    background.call(may_go_on.wait, refuse, refuse, owner)
    delete(owner)
    may_go_on.set()
    background.call(lambda: "well", told.append, refuse, background)

    wait_until(lambda: told)
    QApplication.processEvents()


def test_after_closing_nothing_is_told(application):
    background = Background(str)
    is_done = threading.Event()
    background.call(is_done.set, refuse, refuse, background)
    assert is_done.wait(10)

    background.close()
    QApplication.processEvents()

    assert not any(thread.name.startswith("background-") for thread in threading.enumerate())
