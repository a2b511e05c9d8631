"""The evidence of a server on a real store: recordings, exhibits, suspects, search, compare."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from noc_console.desk.evidence.evidence_keys import EvidenceKeys
from noc_console.desk.evidence.evidence_window import DIFFERENCE, EXHIBIT, FOUND, EvidenceWindow
from noc_console.desk.evidence.evidence_words import recording_words, shown_text
from noc_console.desk.key_map import keys_of
from noc_console.incidents.evidence.evidence import Ending, NewExhibit, Recording
from noc_console.incidents.evidence.evidence_records import (
    end_recording,
    get_recording,
    open_recording,
    open_recordings,
)
from noc_console.incidents.evidence.evidence_writing import EvidenceWriter
from noc_console.store.orders import Order, OrderState, claim, close
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

HEAD = "PID PPID USER S CPU_S KIDS_S RSS_KB COMM\tARGS\n"


def table(cpu_s: float) -> bytes:
    return (
        f"{HEAD}1 0 root S 1.00 0.00 900 systemd\t/sbin/init\n"
        f"812 1 shop12 R {cpu_s:.2f} 0.00 4000 php-fpm8.2\tphp-fpm: pool shop12\n"
        "813 1 root S 0.10 0.00 800 odd\t<b>bad</b>\x1b[31mname\n"
    ).encode()


class Bench(PageBench):
    """A window, and what it was made of."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.made: list[QWidget] = []

    def record(self, *contents: bytes, is_open: bool = False) -> Recording:
        """Keep process tables, ten seconds apart."""
        opened = open_recording(
            self.store,
            server_id=self.server.id,
            server_name="web1",
            engine_id=self.engine.id,
            why="Load, 1 min 9.1 on 2 cores, early line 1.4",
            asked_by="",
            until=None,
            now=NOW,
        )
        EvidenceWriter(self.store).put(
            [
                NewExhibit(
                    recording_id=opened.id,
                    number=number,
                    collector="processes",
                    title="Processes",
                    at=NOW + timedelta(seconds=10 * number),
                    took_ms=30,
                    ending=Ending.WHOLE,
                    exit_status=0,
                    content=content,
                )
                for number, content in enumerate(contents, 1)
            ]
        )
        if not is_open:
            end_recording(self.store, opened.id, why="well again", now=NOW + timedelta(minutes=12))
        return opened

    def window(self) -> EvidenceWindow:
        parent = QWidget()
        window = EvidenceWindow(self.context, self.server, parent, now=lambda: self.clock)
        window.show()
        self.made += [window, parent]
        return window

    def read_window(self) -> EvidenceWindow:
        window = self.window()
        wait_until(lambda: window.exhibits.rows)
        return window


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    bench.pool.close()
    end(*bench.made)
    bench.close()


def test_the_newest_recording_is_shown_with_exhibits_and_suspects(bench: Bench) -> None:
    bench.record(table(1.0))
    bench.record(*(table(9.0 * number) for number in (1, 2, 3)))
    window = bench.read_window()

    assert [one.number for one in window.exhibits.rows] == [1, 2, 3]
    assert window.suspects.rows[0].suspect.who == "account shop12"
    assert "well again" in window.about.text()
    for model in (window.recordings, window.exhibits, window.suspects, window.found):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_server_without_recordings_says_the_next_step(bench: Bench) -> None:
    window = bench.window()
    wait_until(lambda: window._state and "Nothing is recorded" in window._state.title.text())

    assert "Ctrl+R" in window._state.sentence.text()
    offered = [one.text() for one in window.findChildren(QPushButton) if one.isEnabled()]
    assert offered == [window.record_button.text()]


def test_an_exhibit_is_shown_inert_and_as_plain_text(bench: Bench) -> None:
    bench.record(table(9.0))
    window = bench.read_window()
    window.exhibit_table.selectRow(0)
    wait_until(lambda: "pool shop12" in window.text.toPlainText())

    assert window.tabs.currentIndex() == EXHIBIT
    assert "<b>bad</b>" in window.text.toPlainText()
    assert "\x1b" not in window.text.toPlainText()


def test_a_line_that_shows_a_suspect_opens_its_exhibit(bench: Bench) -> None:
    bench.record(*(table(9.0 * number) for number in (1, 2, 3)))
    window = bench.read_window()
    place = next(place for place, row in enumerate(window.suspects.rows) if row.line is not None)
    window.suspect_table.activated.emit(window.suspects.index(place, 0))
    wait_until(lambda: window.text.textCursor().selectedText().startswith("812 1 shop12"))

    assert window.tabs.currentIndex() == EXHIBIT


def test_words_are_found_in_all_exhibits(bench: Bench) -> None:
    bench.record(*(table(9.0 * number) for number in (1, 2, 3)))
    window = bench.read_window()
    window.search.setText("POOL shop12")
    window.search.returnPressed.emit()
    wait_until(lambda: window.found.rows)

    assert [one.exhibit.number for one in window.found.rows] == [1, 2, 3]
    assert window.tabs.currentIndex() == FOUND
    window.found_table.activated.emit(window.found.index(1, 0))
    wait_until(lambda: "pool shop12" in window.text.textCursor().selectedText())


def test_two_times_are_compared(bench: Bench) -> None:
    bench.record(*(table(9.0 * number) for number in (1, 2, 3)))
    window = bench.read_window()
    window.exhibit_table.selectRow(0)
    window.comparing.mark()
    window.exhibit_table.selectRow(2)
    window.comparing.compare()
    wait_until(lambda: window.tabs.currentIndex() == DIFFERENCE)

    assert window.changes.toPlainText().splitlines() == [
        "~ 812 1 shop12 R 27.00 0.00 4000 php-fpm8.2    php-fpm: pool shop12   (was 9.00)",
    ]


def test_the_one_before_is_compared_where_none_is_marked(bench: Bench) -> None:
    bench.record(*(table(9.0 * number) for number in (1, 2)))
    window = bench.read_window()
    window.comparing.compare()
    assert "Choose an exhibit" in window.status.text()
    window.exhibit_table.selectRow(0)
    window.comparing.compare()
    assert "none before it" in window.status.text()
    window.exhibit_table.selectRow(1)
    window.comparing.compare()
    wait_until(window.changes.toPlainText)

    assert "R 18.00" in window.changes.toPlainText()


def test_every_key_of_the_window_is_told(bench: Bench) -> None:
    window = bench.window()

    told = {keys: words for words, keys in keys_of(window)}

    assert {"Ctrl+R", "D", "M", "Ctrl+H", "Ctrl+S", "Ctrl+K", "Ctrl+F", "F6"} <= told.keys()
    window.show_keys()


def test_hashes_are_checked_saved_and_kept(bench: Bench, tmp_path: Path) -> None:
    recording = bench.record(table(9.0))
    window = bench.read_window()
    window.keeping.verify()
    wait_until(lambda: "as they were stored" in window.status.text())
    window.keeping.export(tmp_path / "out")
    wait_until(lambda: "sha256sum" in window.status.text())
    assert len(list((tmp_path / "out").glob("*/SHA256SUMS"))) == 1

    window.keeping.keep()
    wait_until(lambda: get_recording(bench.store, recording.id, NOW).is_kept)


def test_recording_is_asked_for_and_the_outcome_is_said(bench: Bench) -> None:
    bench.clock = datetime.now(UTC)  # the engine's heartbeat is of now
    window = bench.window()
    window.deeds.record([bench.server.id])
    taken: list[Order] = []
    wait_until(lambda: taken or taken.extend(filter(None, [claim(bench.store, 1, NOW)])))
    (order,) = taken
    assert (order.kind, order.server_id) == ("record now", bench.server.id)

    outcome = {"recording_id": 3, "sentence": "web1 is recorded until 02:12 UTC, at least."}
    close(bench.store, order.id, OrderState.DONE, outcome, NOW)
    bench.live.orders_changed.emit()

    wait_until(lambda: "is recorded until" in window.status.text())


def test_the_page_says_for_how_long_a_server_has_been_recorded(bench: Bench) -> None:
    bench.record(table(1.0), is_open=True)
    page = QWidget()
    bench.made.append(page)
    buttons: list[QWidget] = []
    keys = EvidenceKeys(bench.context, bench.server.id, page, buttons.append, lambda: bench.clock)
    assert keys.state.text() == ""

    bench.live.recordings = open_recordings(bench.store, datetime.now(UTC))
    bench.live.recordings_changed.emit()

    bench.clock = NOW + timedelta(minutes=3)
    keys.show_state()
    assert keys.state.text() == "●  recording 3 min"
    assert "Stop" in keys.record_button.text()
    bench.clock = datetime.now(UTC)
    keys.toggle()
    wait_until(lambda: claim(bench.store, bench.engine.id, NOW))
    end(*buttons)


def test_words_of_a_recording_and_text_too_long_are_bounded(bench: Bench) -> None:
    recording = replace(bench.record(table(1.0)), ended_at=NOW + timedelta(hours=3))

    assert recording_words(recording, NOW) == "recording 0 s"
    assert shown_text("a\tb  c\x07").text == "a    b  c\N{REPLACEMENT CHARACTER}"
    long = "\n".join(f"line {number}" for number in range(1, 100_000))
    for line in (1, 150, 50_000, 99_999):
        told = shown_text(long, line)
        assert told.text.split("\n")[told.line - 1] == f"line {line}"
        assert len(told.text) < 130_000


def test_what_comes_while_a_recording_is_looked_at_is_shown(bench: Bench) -> None:
    recording = bench.record(table(1.0), is_open=True)
    window = bench.read_window()
    more = NewExhibit(
        recording_id=recording.id,
        number=2,
        collector="processes",
        title="Processes",
        at=NOW,
        took_ms=1,
        ending=Ending.WHOLE,
        exit_status=0,
        content=table(9.0),
    )
    EvidenceWriter(bench.store).put([more])
    bench.clock = NOW + timedelta(seconds=30)

    bench.live.recordings_changed.emit()

    wait_until(lambda: len(window.exhibits.rows) == 2)
