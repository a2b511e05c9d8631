"""The wallboard: the worst first, who has it, loud when nobody watches; Esc leaves."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from noc_console.desk.standing import told_of
from noc_console.desk.wallboard.board import NOBODY, board_of
from noc_console.desk.wallboard.board_painter import BoardPainter, tiles_a_page
from noc_console.desk.wallboard.opening import open_wallboard
from noc_console.desk.wallboard.wallboard import PAGE_EVERY_S, Wallboard
from noc_console.fleet.link_state import LinkState
from noc_console.fleet.server import Server
from noc_console.health.alarm import Alarm, Claim
from noc_console.health.records import ServerState
from noc_console.health.verdict import Danger, Judgement, Reason, Verdict
from noc_console.incidents.incident.incident import Incident, IncidentState, Severity
from noc_console.store.journal import Reading
from tests.desk.page_bench import PageBench, theme
from tests.desk.qt_life import end, wait_until

NOW = datetime(2026, 11, 27, 2, 7, tzinfo=UTC)


@dataclass
class Seen:
    servers: list[Server] = field(default_factory=list)
    states: dict[int, ServerState] = field(default_factory=dict)
    latest: dict[int, Reading] = field(default_factory=dict)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    engine: Any = "somebody"
    is_starting_to_watch: bool = False
    trouble: str = ""

    @property
    def told(self):
        return told_of(self.servers, self.states)

    def add(self, name, verdict, minutes, words="why", danger_s=None, load=None):
        number = len(self.servers) + 1
        self.servers.append(Server(id=number, name=name, address="10.0.0.1"))
        danger = None if danger_s is None else Danger("load5", danger_s, danger_s + 60, NOW)
        self.states[number] = ServerState(
            server_id=number,
            link=LinkState.UP,
            link_since=NOW,
            failure=None,
            judgement=Judgement(
                verdict=verdict,
                since=NOW - timedelta(minutes=minutes),
                reasons=(Reason("load5", verdict, words),),
                danger=danger,
            ),
            last_sample_at=NOW,
        )
        if load is not None:
            at_ms = int((NOW - timedelta(seconds=4)).timestamp() * 1000)
            self.latest[number] = Reading(number, at_ms, {"load1": load})
        return number


def alarm(number, server_id, **fields):
    usual = {"key": "load5", "verdict": Verdict.EARLY, "words": "why", "raised_at": NOW}
    return Alarm(id=number, server_id=server_id, **(usual | fields))


def test_the_worst_is_first_and_of_equals_the_one_that_falls_first():
    seen = Seen()
    seen.add("late", Verdict.EARLY, 90, danger_s=3600)
    seen.add("soon", Verdict.EARLY, 1, danger_s=300)
    seen.add("well", Verdict.OK, 1)
    seen.add("down", Verdict.DOWN, 1)
    seen.add("mended", Verdict.IN_MAINTENANCE, 1)

    board = board_of(seen, (), NOW)

    assert [tile.name for tile in board.tiles] == ["down", "soon", "late"]
    assert board.tiles[1].falls == "cut-off in 5-6 min"
    assert board.counts[Verdict.OK] == 1
    assert board.total == 5


def test_a_tile_says_who_has_it():
    seen = Seen()
    one, two = seen.add("one", Verdict.EARLY, 5), seen.add("two", Verdict.EARLY, 4)
    seen.alarms = {1: alarm(1, one, claimed=Claim(by="Anna", at=NOW)), 2: alarm(2, two)}

    board = board_of(seen, (), NOW)

    assert [tile.who for tile in board.tiles] == ["Anna is on it", NOBODY]
    assert board.alarms == "2 open alarms, 2 wait for a person"


def test_who_has_the_cause_has_what_follows_from_it():
    seen = Seen()
    one = seen.add("one", Verdict.DOWN, 5)
    group = alarm(1, None, claimed=Claim(by="Anna", at=NOW))
    seen.alarms = {1: group, 2: alarm(2, one, cause_id=1)}

    assert board_of(seen, (), NOW).tiles[0].who == "Anna is on it"


def test_nobody_watching_is_loud_and_no_figure_is_taken_for_live():
    seen = Seen(engine=None)
    seen.add("one", Verdict.EARLY, 5, "load 9", danger_s=300, load=9.0)
    seen.add("two", Verdict.OK, 5)

    board = board_of(seen, (), NOW)

    assert board.warning.startswith("NOT WATCHED: no engine is running")
    assert "4 s old" in board.warning
    assert board.counts == {Verdict.STALE: 2}
    assert board.tiles[0].verdict is Verdict.STALE
    since = NOW.astimezone() - timedelta(minutes=5)
    assert board.tiles[0].what == f"was early since {since:%H:%M}: load 9"
    assert board.tiles[0].since == "0 s", "stale since the last sample"
    assert board.tiles[0].falls == ""


def test_the_age_of_old_samples_is_told_too():
    seen = Seen(engine=None)
    seen.add("one", Verdict.OK, 5)
    later = NOW + timedelta(minutes=40)

    assert board_of(seen, (), later).age == "newest sample 40 min old"


def test_an_open_incident_is_there_with_its_next_update():
    incident = Incident(
        id=1,
        title="mail is late",
        severity=Severity.MAJOR,
        state=IncidentState.OPEN,
        began_at=NOW,
        opened_at=NOW,
        opened_by="anna",
        next_update_at=NOW - timedelta(minutes=7),
    )

    (words,) = board_of(Seen(), (incident,), NOW).incidents

    assert words == "major, update OVERDUE by 7 min: mail is late"


def test_reasons_from_servers_are_inert():
    seen = Seen()
    seen.add("web1", Verdict.DOWN, 5, "said \x1b[2J")

    (tile,) = board_of(seen, (), NOW).tiles

    assert tile.what.isprintable()


def test_what_is_more_than_can_be_shown_is_counted():
    seen = Seen()
    for place in range(30):
        seen.add(f"web{place}", Verdict.EARLY, place)

    board = board_of(seen, (), NOW, most=12)

    assert (len(board.tiles), board.untold) == (12, 18)


@pytest.fixture
def bench(application, tmp_path):
    made = PageBench(tmp_path / "store")
    seen = Seen()
    for place in range(20):
        seen.add(f"web{place:02}", Verdict.EARLY, place)
    made.live.servers, made.live.states = seen.servers, seen.states
    yield made
    made.close()


@pytest.fixture
def window(bench):
    made = QWidget()
    made.resize(1366, 768)
    made.show()
    yield made
    end(made)


def test_it_covers_the_window_whatever_its_size(bench, window):
    board = open_wallboard(bench.context, window, whole_screen=False)
    window.resize(1500, 900)

    wait_until(lambda: board.size() == window.size())
    assert board.grab().toImage().size() == board.size() * board.devicePixelRatioF()


def test_pages_follow_one_another_and_by_keys(bench, window):
    board = open_wallboard(bench.context, window, whole_screen=False)
    across, down = tiles_a_page(QRectF(board.rect()))
    pages = [board.page]
    for _ in range(PAGE_EVERY_S + 1):
        board.tick()
    pages.append(board.page)
    QTest.keyClick(board, Qt.Key.Key_Right)
    pages.append(board.page)

    assert board.pages == -(-20 // (across * down)) == 2
    assert pages == [0, 1, 0]


def test_escape_leaves_it(bench, window):
    board = open_wallboard(bench.context, window, whole_screen=False)
    assert open_wallboard(bench.context, window, whole_screen=False) is board
    QTest.qWaitForWindowActive(window)
    QTest.keyClick(board, Qt.Key.Key_Escape)

    wait_until(lambda: window.findChild(Wallboard) is None)


def test_a_screen_reader_is_told_the_worst(bench, window):
    board = open_wallboard(bench.context, window, whole_screen=False)

    assert "20 early" in board.accessibleDescription()
    assert "web19 early: why" in board.accessibleDescription()


def test_no_count_is_cut_with_every_verdict_there_and_fifty_thousand_servers(application):
    counts = dict.fromkeys(Verdict, 23) | {Verdict.CUT_OFF: 140, Verdict.OK: 49_999}
    board = replace(board_of(Seen(), (), NOW), counts=counts)
    image = QImage(1920, 1080, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    board_painter = BoardPainter(
        painter, QRectF(image.rect()), application.palette(), theme("#000000").look
    )
    with patch.object(BoardPainter, "_text") as text:
        board_painter.paint(board, 0, 1, {})
    painter.end()

    numbers = [one for one in text.call_args_list if one.args[1][2:].isdecimal()]
    assert len(numbers) == len(Verdict)
    for one in numbers:
        room, words, size, _ = one.args
        smallest = board_painter._font(size * 0.62, one.kwargs["weight"])
        assert QFontMetricsF(smallest).horizontalAdvance(words) <= room.width(), words
