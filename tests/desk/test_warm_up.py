"""What pages need is imported before, and classes of Qt by the window's thread only."""

import subprocess
import sys

from PySide6.QtTest import QTest

from noc_console.desk.warm_up import FIRST, WarmUp, in_order, needs_of_desk
from tests.desk.qt_life import wait_until

WATCHED = """
import os, sys, threading, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
application = QApplication([])
from noc_console.desk.warm_up import WarmUp
from noc_console.desk.store_opening import open_for_desk
from noc_console.store.location import StoreLocation

elsewhere = []
import builtins
build = builtins.__build_class__
def watched(function, name, *bases, **more):
    if threading.current_thread() is not threading.main_thread():
        if any(isinstance(one, type(QObject)) for one in bases):
            elsewhere.append(name)
    return build(function, name, *bases, **more)
builtins.__build_class__ = watched

opening = threading.Thread(target=lambda: open_for_desk(StoreLocation.parse(sys.argv[1])).close())
opening.start()
opening.join()
owner = QObject()
warm = WarmUp(owner)
warm.start()
ends_s = time.monotonic() + 120
while warm._timer.isActive() and time.monotonic() < ends_s:
    application.processEvents()
    time.sleep(0.001)
warm.close()
print(elsewhere, "noc_console.desk.audit.audit_page" in sys.modules)
"""


def test_a_class_of_qt_is_made_by_the_windows_thread_only(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", WATCHED, str(tmp_path / "store")],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )

    assert told.stdout.strip() == "[] True"


def test_each_module_comes_after_those_it_needs():
    needs = dict(needs_of_desk())
    order = in_order(needs)

    assert sorted(order) == sorted(needs)
    at = {one: place for place, one in enumerate(order)}
    late = [
        (one, other)
        for one, some in needs.items()
        for other in some & needs.keys()
        if other != one and at[other] > at[one]
    ]
    assert late == []


def test_the_page_of_a_server_comes_before_what_it_does_not_need():
    needs = dict(needs_of_desk())
    order = in_order(needs)

    assert order.index(FIRST) < len(order) / 2
    assert order.index(FIRST) < order.index("noc_console.desk.audit.audit_page")


def test_nothing_is_imported_after_the_end(application):
    warm = WarmUp(application)
    warm._order = ["noc_console.errors"] * 3
    warm._timer.start()
    wait_until(lambda: len(warm._order) == 2)
    warm.close()
    QTest.qWait(5 * warm._timer.interval())

    assert len(warm._order) == 2
