"""The tray's symbol is that of the worst verdict; without a tray nothing depends on it."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from noc_console.desk.tray import Tray
from noc_console.desk.verdict_symbol import SIZES, symbol
from noc_console.health.alarm import Claim
from noc_console.health.verdict import SHAPES, Judgement, Verdict
from tests.desk.page_bench import NOW, State
from tests.desk.qt_life import end
from tests.desk.window_bench import WindowBench
from tests.health.telling import alarm


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def tray(bench):
    parent = QWidget()
    tray = Tray(bench.live, bench.themes, lambda: bench.clock, parent)
    tray.show_or_hide(wanted=True)
    yield tray
    end(parent)


def tell(bench, *verdicts):
    bench.live.servers = [
        replace(bench.server, id=place, name=f"web{place}") for place in range(len(verdicts))
    ]
    bench.live.states = {
        place: State(judgement=Judgement(verdict=verdict, since=NOW), last_sample_at=NOW)
        for place, verdict in enumerate(verdicts)
    }


def test_the_tooltip_counts_the_worst_first(bench, tray):
    tell(bench, Verdict.OK, Verdict.EARLY, Verdict.OK, Verdict.DOWN)
    tray.refresh()

    assert tray.icon.toolTip() == "noc-console: 1 down, 1 early, 2 ok"


def test_the_symbol_changes_with_the_worst_verdict_only(bench, tray):
    tell(bench, Verdict.OK)
    tray.refresh()
    well = tray.icon.icon().cacheKey()
    tray.refresh()
    same = tray.icon.icon().cacheKey()
    tell(bench, Verdict.OK, Verdict.DOWN)
    tray.refresh()

    assert well == same != tray.icon.icon().cacheKey()


def test_the_badge_counts_the_alarms_that_nobody_has_taken_up(bench, tray):
    tell(bench, Verdict.OK)
    tray.refresh()
    without = tray.icon.icon().pixmap(SIZES[-1]).toImage()
    bench.live.alarms = {
        1: alarm(1, verdict=Verdict.DOWN),
        2: alarm(2),
        3: alarm(3, claimed=Claim(by="Ben", at=NOW)),
    }
    tray.refresh()

    told = "noc-console: 2 alarms without anybody, the worst down; 1 ok"
    assert tray.icon.toolTip() == told
    assert tray.icon.icon().pixmap(SIZES[-1]).toImage() != without


def test_that_nobody_watches_is_in_the_tooltip(bench, tray):
    tell(bench, Verdict.OK)
    bench.live.engine = None
    tray.refresh()

    assert tray.icon.toolTip().endswith("; nobody watches")


def test_a_fleet_without_a_server_says_so(bench, tray):
    tell(bench)
    tray.refresh()

    assert tray.icon.toolTip() == "noc-console: No server yet"


def test_click_and_menu_lead_back_to_the_window_and_out(tray):
    told = []
    tray.window_wanted.connect(lambda: told.append("window"))
    tray.quit_wanted.connect(lambda: told.append("quit"))
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    tray.show_action.trigger()
    tray.quit_action.trigger()

    assert told == ["window", "window", "quit"]


def test_where_the_desktop_has_no_tray_it_is_not_there(tray, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: False)

    assert not tray.is_there


def test_a_symbol_that_is_not_wanted_is_not_there(tray, monkeypatch):
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    shown = tray.is_there
    tray.show_or_hide(wanted=False)

    assert (shown, tray.is_there) == (True, False)


def test_every_verdict_has_a_symbol_of_its_own_in_one_colour(application):
    drawn = {
        verdict: symbol(shape, QColor("#ff0000")).pixmap(SIZES[-1]).toImage()
        for verdict, shape in SHAPES.items()
    }
    pictures = list(drawn.values())

    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])
    assert all(one.pixelColor(0, 0).alpha() == 0 for one in pictures if one is not pictures[0])
