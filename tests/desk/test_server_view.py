"""The server page shows what it is told, and its parts work together."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from noc_console.desk.look import Look
from noc_console.desk.server.server_header import ServerHeader
from noc_console.desk.server.server_view import (
    ServerNow,
    ServerReadings,
    ServerView,
    ViewColours,
    ink_on,
)
from noc_console.desk.widgets.graph_colours import GraphColours
from noc_console.fleet.failure import Failure, FailureKind
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook
from noc_console.health.profiles import usual_lines
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.telemetry.host import Facts
from noc_console.telemetry.service import Inside, ServiceState
from tests.desk.qt_life import end

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
WEB = Server(id=1, name="web1", address="10.0.0.1", user="ops")


def colours(ground: str) -> ViewColours:
    graphs = GraphColours(
        ground=ground,
        text="#111111",
        faint="#666666",
        grid="#cccccc",
        accent="#0072b2",
        series=("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
    )
    look = Look(
        shapes=dict.fromkeys(Verdict, "●"),
        colours=dict.fromkeys(Verdict, QColor("#d55e00")),
        faint=QColor("#888888"),
    )
    return ViewColours(look=look, graphs=graphs)


class Clock:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def view(application: QApplication, clock: Clock) -> Iterator[ServerView]:
    shown = ServerView(WEB, colours("#ffffff"), clock)
    shown.resize(1366, 700)
    shown.show()
    QTest.qWaitForWindowExposed(shown)
    yield shown
    end(shown)


def test_the_head_tells_verdict_since_when_and_why(view: ServerView) -> None:
    reasons = ("Load 18 is above the cut-off of 16.", "/var is 91 % full.")
    since = NOW - timedelta(minutes=12)
    view.show_state(
        ServerNow(
            judgement=Judgement(
                verdict=Verdict.CUT_OFF,
                since=since,
                reasons=tuple(Reason("load1", Verdict.CUT_OFF, words) for words in reasons),
            )
        )
    )
    words = view.header.words()

    assert "cut-off" in words
    assert "(12 min)" in words
    assert "   ·   ".join(reasons) in words


def test_with_nothing_known_the_verdict_is_unknown_and_not_ok(view: ServerView) -> None:
    assert "unknown" in view.header.words()
    assert "no sample yet" in view.header.words()


def test_a_line_of_facts_breaks_between_two_of_them(application):
    header = ServerHeader()
    header.show_facts(["up 3 d 0 h", "8.0 GiB memory"])
    (shown,) = [label.text() for label in header.findChildren(QLabel) if "GiB" in label.text()]

    assert shown.split("   ·   ") == ["up\xa03\xa0d\xa00\xa0h", "8.0\xa0GiB\xa0memory"]
    assert header.words() == "up 3 d 0 h   ·   8.0 GiB memory"
    end(header)


def test_buttons_go_under_the_verdict_where_there_is_no_room_beside_it(application):
    header = ServerHeader()
    header.show_name("web1")
    button = QPushButton("Reboot" * 20)
    header.add_action(button)
    page = QWidget()
    QVBoxLayout(page).addWidget(header)
    page.show()
    page.resize(2000, 100)
    application.processEvents()
    beside = button.y()
    page.resize(page.minimumSizeHint())
    application.processEvents()

    assert button.y() > beside
    end(page)


def test_the_age_of_the_sample_grows_with_the_clock(view: ServerView, clock: Clock) -> None:
    view.show_state(ServerNow(last_sample_at=NOW))
    clock.at = NOW + timedelta(seconds=40)
    view.tick()

    assert "sample 40 s old" in view.header.words()


def test_the_load_graph_has_the_cores_and_both_lines(view: ServerView) -> None:
    view.take_sample(NOW, {"load1": 1.0, "cores": 4.0})
    load = view.graphs.stack.graph("load")

    assert [mark.words for mark in load._marks] == ["4 cores", "early", "cut-off"]
    lines = usual_lines("load1", 4.0)
    assert [mark.value for mark in load._marks[1:]] == [lines.early, lines.cut_off]


def test_a_far_cut_off_does_not_flatten_the_graph_of_a_quiet_server(view: ServerView) -> None:
    view.take_sample(NOW, {"load1": 1.0, "cores": 4.0})

    assert view.graphs.stack.graph("load").plot.top() == 5.0


def test_a_host_key_that_waits_for_a_decision_offers_the_question(view: ServerView) -> None:
    asked: list[bool] = []
    view.key_review_wanted.connect(lambda: asked.append(True))
    assert not view.key_button.isVisible()

    failure = Failure(kind=FailureKind.HOST_KEY_CHANGED, sentence="The key changed.")
    view.show_state(ServerNow(link=LinkState.WAITING_FOR_PERSON, failure=failure))
    view.key_button.click()

    assert view.key_button.isVisible()
    assert asked == [True]


def test_the_keys_edit_and_copy(view: ServerView) -> None:
    edits: list[bool] = []
    view.edit_wanted.connect(lambda: edits.append(True))
    view.take_sample(NOW, {"load1": 1.0})
    view.activateWindow()
    view.graphs.stack.setFocus()
    QTest.keyClick(view.graphs.stack, Qt.Key.Key_F2)
    QTest.keyClick(
        view.graphs.stack,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )

    assert edits == [True]
    assert QGuiApplication.clipboard().text().startswith("server,time UTC,time local,")


def test_f6_goes_round_the_parts_of_the_page(view: ServerView) -> None:
    view.activateWindow()
    view.graphs.stack.setFocus()
    held = []
    for _ in range(3):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        held.append(QApplication.focusWidget())

    assert held == [view.tables.tabBar(), view.edit_button, view.graphs.stack]


def test_another_theme_keeps_the_chosen_tab_and_what_is_shown(view: ServerView) -> None:
    view.show_readings(
        ServerReadings(
            services=[ServiceState(name="nginx", inside=Inside.RUNNING)],
            facts=Facts(kernel="6.1"),
        )
    )
    view.tables.setCurrentIndex(3)
    view.set_colours(colours("#000000"))

    assert view.tables.currentIndex() == 3
    assert view.tables.services.model.rowCount() == 1
    assert ("Kernel", "6.1") in view.tables.connection.model.rows


def test_a_value_that_is_read_once_a_minute_stays_until_it_is_read_again(view: ServerView) -> None:
    book = LineBook()
    view.show_lines(book.line_set(view.server))
    view.take_sample(NOW, {"load1": 1.0, "mail_queue": 40.0})

    view.take_sample(NOW + timedelta(seconds=5), {"load1": 2.0})
    view.tables.setCurrentWidget(view.tables.lines)
    view.tick()

    told = {row.key: row.now for row in view.tables.lines.model.rows}
    assert (told["mail_queue"], told["load1"]) == ("40.0", "2.0")


def test_an_edit_shows_at_once(view: ServerView) -> None:
    view.show_server(Server(id=1, name="web9", address="10.0.0.9"))

    assert "web9" in view.header.words()
    assert ("Reached", "10.0.0.9") in view.tables.connection.model.rows


def test_all_six_graphs_are_visible_without_scrolling_at_1366_by_768(view: ServerView) -> None:
    scrolled = view.graphs.stack.parentWidget()

    assert view.graphs.stack.height() <= scrolled.height()


@pytest.mark.parametrize(("ground", "ink"), [("#ffd800", "#000000"), ("#5a1010", "#ffffff")])
def test_the_verdicts_word_can_be_read_on_its_colour(ground: str, ink: str) -> None:
    assert ink_on(QColor(ground)).name() == ink


def test_at_a_small_screen_two_rows_of_graphs_and_some_rows_of_a_table_are_seen(
    view: ServerView,
) -> None:
    view.resize(1190, 710)
    QApplication.processEvents()

    graphs, tables = view.splitter.sizes()
    row = view.fontMetrics().height() + 10

    assert graphs >= view.graphs.whole_height()
    assert tables >= 6 * row
    view.splitter.splitterMoved.emit(1, 1)
    view.splitter.setSizes([250, tables + graphs - 250])
    kept = view.splitter.sizes()
    view.resize(1190, 711)
    QApplication.processEvents()
    assert abs(view.splitter.sizes()[0] - kept[0]) < 3
