"""The lines of a server on its page: which hold and why, changed, taken back and undone by key."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication

from noc_console.desk.lines.line_dialog import LineDialog
from noc_console.desk.lines.line_rows import line_rows
from noc_console.desk.lines.profile_dialog import ProfileDialog
from noc_console.desk.server.server_page import ServerPage
from noc_console.fleet.records import edit_server
from noc_console.fleet.server import Server
from noc_console.health.line_book import ALL, LineBook, Owner
from noc_console.health.line_records import choose_lines, load_book
from noc_console.health.lines import Lines
from noc_console.health.measures import measure_of
from noc_console.health.verdict import Judgement, Reason, Verdict
from noc_console.telemetry.host import Mount
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

SERVER = Server(id=1, name="web1", address="10.0.0.1", groups=("web",))
LOW = Lines(early=1.0, cut_off=2.0)


def rows_by_key(book=None, values=None, mounts=(), reasons=()):
    judgement = Judgement(verdict=Verdict.OK, since=NOW, reasons=tuple(reasons))
    lines = (book or LineBook()).line_set(SERVER)
    return {row.key: row for row in line_rows(lines, values or {}, mounts, judgement)}


def test_a_row_says_the_value_the_lines_and_whose_they_are():
    row = rows_by_key(values={"load1": 3.1, "cores": 4.0})["load1"]

    assert (row.now, row.early, row.cut_off) == (
        "3.1",
        "2.8 (0.7 a core for 5 min)",
        "8 (2 a core for 1 min)",
    )
    assert (row.forecast, row.source, row.is_chosen) == (
        "15 min ahead",
        "profile Every server",
        False,
    )


def test_what_is_past_a_line_stands_first_whatever_the_reason_is_called():
    reasons = [
        Reason("service:exim4", Verdict.CUT_OFF, "exim4 is down"),
        Reason("mount_used_percent:/home", Verdict.EARLY, "Disk space used of /home 90.0%"),
    ]
    rows = list(rows_by_key(reasons=reasons).values())

    assert [row.key for row in rows[:2]] == ["service_down_minutes", "mount_used_percent"]
    assert rows[0].verdict is Verdict.CUT_OFF


def test_the_fullest_file_system_is_the_value_of_all_and_each_has_its_own():
    def mount(path, used):
        return Mount(
            mount=path,
            device="/dev/sda",
            kind="ext4",
            total_bytes=1,
            used_percent=used,
            inodes_used_percent=None,
        )

    book = LineBook(chosen={ALL: {"mount_used_percent:/a": LOW}})
    rows = rows_by_key(book, mounts=(mount("/a", 12.0), mount("/b", 71.5)))

    assert rows["mount_used_percent"].now == "71.5%"
    assert rows["mount_used_percent:/a"].now == "12.0%"
    assert rows["mount_used_percent:/a"].title == "Disk space used of /a"


def test_a_silenced_value_says_never():
    row = rows_by_key(LineBook(chosen={ALL: {"load1": Lines()}}))["load1"]

    assert (row.early, row.cut_off, row.source) == ("never", "never", "all servers")


@pytest.fixture
def bench(application: QApplication, tmp_path: Path) -> Iterator[PageBench]:
    bench = PageBench(tmp_path / "store")
    bench.server = edit_server(bench.store, replace(bench.server, groups=("web",)), NOW)
    bench.live.servers = [bench.server]
    yield bench
    bench.close()


@pytest.fixture
def page(bench: PageBench) -> Iterator[ServerPage]:
    page = ServerPage(bench.context, bench.server.id, lambda: bench.clock)
    page.resize(1366, 700)
    page.show()
    page.view.tables.setCurrentWidget(page.view.tables.lines)
    wait_until(lambda: bool(page.view.tables.lines.model.rows))
    yield page
    end(page)


def row_of(page: ServerPage, key: str):
    return next(row for row in page.view.tables.lines.model.rows if row.key == key)


def choose_row(page: ServerPage, key: str) -> None:
    panel = page.view.tables.lines
    keys = [row.key for row in panel.model.rows]
    panel.view.selectRow(keys.index(key))
    panel.view.setFocus()


def dialog_of(page: ServerPage, kind: type):
    found = [one for one in page.findChildren(kind) if one.isVisible()]
    return found[-1] if found else None


def test_lines_changed_elsewhere_are_shown_and_drawn_in_the_graph(bench, page):
    page.view.take_sample(NOW, {"load1": 1.0, "cores": 4.0})
    choose_lines(bench.store, Owner.group("web"), {"load1": LOW}, "ben", datetime.now(UTC))
    bench.live.lines_changed.emit()

    wait_until(lambda: row_of(page, "load1").source == "group web")

    marks = page.view.graphs.stack.graph("load")._marks
    assert [mark.value for mark in marks[1:]] == [1.0, 2.0]


def test_by_keys_a_line_is_changed_for_a_group_and_undone(bench, page):
    choose_row(page, "steal_percent")
    QTest.keyClick(page.view.tables.lines.view, Qt.Key.Key_Return)
    dialog = dialog_of(page, LineDialog)
    dialog.owner.setCurrentIndex(1)
    dialog.fields["early"].line.setText("15")
    assert "Early 15% for 5 min" in dialog.outcome.text()
    dialog.save_button.click()
    wait_until(lambda: load_book(bench.store).of_owner(Owner.group("web")) != {})
    bench.live.lines_changed.emit()
    wait_until(lambda: row_of(page, "steal_percent").source == "group web")
    assert load_book(bench.store).of_owner(Owner.group("web"))["steal_percent"].early == 15.0
    wait_until(page.view.tables.lines.undo_button.isEnabled)
    wait_until(lambda: dialog_of(page, LineDialog) is None)
    page.activateWindow()
    choose_row(page, "steal_percent")
    wait_until(page.view.tables.lines.view.hasFocus)

    QTest.keyClick(page.view.tables.lines.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    wait_until(lambda: load_book(bench.store).of_owner(Owner.group("web")) == {})
    wait_until(lambda: not page.view.tables.lines.undo_button.isEnabled())


def test_a_choice_is_taken_back_by_key_and_put_back_by_undo(bench, page):
    choose_lines(bench.store, Owner.server(bench.server.id), {"load1": LOW}, "ben", NOW)
    bench.live.lines_changed.emit()
    wait_until(lambda: row_of(page, "load1").is_chosen)
    choose_row(page, "load1")

    QTest.keyClick(page.view.tables.lines.view, Qt.Key.Key_Delete)
    wait_until(lambda: load_book(bench.store) == LineBook())
    wait_until(page.view.tables.lines.undo_button.isEnabled)
    page.view.tables.lines.undo_button.click()

    own = Owner.server(bench.server.id)
    wait_until(lambda: load_book(bench.store).of_owner(own) == {"load1": LOW})


def test_a_profile_is_chosen_by_key(bench, page):
    choose_row(page, "load1")
    QTest.keyClick(page.view.tables.lines.view, Qt.Key.Key_P)
    dialog = dialog_of(page, ProfileDialog)
    dialog.profile.setCurrentIndex(dialog.profile.findData("mail"))
    assert "mail server" in dialog.words.text()
    dialog.save_button.click()
    wait_until(lambda: load_book(bench.store).profiles != {})
    bench.live.lines_changed.emit()

    panel = page.view.tables.lines
    wait_until(lambda: panel.profile.text().startswith("Profile: Mail"))
    assert row_of(page, "mail_queue").source == "profile Mail"


def test_the_table_of_lines_is_a_model_qt_can_trust(page):
    tester = QAbstractItemModelTester(
        page.view.tables.lines.model, QAbstractItemModelTester.FailureReportingMode.Fatal
    )
    page.view.take_sample(NOW, {"load1": 9.0, "cores": 4.0})
    page.view.tick()
    assert row_of(page, "load1").now == "9.0"
    del tester


@pytest.fixture
def dialog(application: QApplication) -> Iterator[LineDialog]:
    book = LineBook(chosen={Owner.group("web"): {"load1": LOW}})
    rule = LineBook().line_set(SERVER).rule("load1")
    opened = LineDialog(SERVER, rule, measure_of("load1"), book)
    yield opened
    end(opened)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("early", "high", "write a number"),
        ("early", "9", "must be reached first"),
        ("cut_off", "-1", "zero or more"),
        ("early_minutes", "1e9", "between 0 and a week"),
        ("hysteresis", "inf", "write a number"),
    ],
)
def test_what_cannot_be_right_is_said_while_it_is_typed_and_cannot_be_saved(
    dialog, field, text, words
):
    dialog.fields[field].line.setText(text)

    assert words in dialog.outcome.text()
    assert not dialog.save_button.isEnabled()


def test_the_lines_of_another_owner_are_shown_when_it_is_chosen(dialog):
    dialog.owner.choose(Owner.group("web"))

    assert dialog.read() == LOW


def test_never_to_be_told_is_a_choice(dialog):
    dialog.off.setChecked(True)

    assert dialog.read() == Lines()
    assert not dialog.fields["early"].isEnabled()
    assert dialog.save_button.isEnabled()


def test_a_line_without_anything_is_no_choice(dialog):
    for name in ("early", "cut_off"):
        dialog.fields[name].line.setText("")

    assert "Give an early line or a cut-off" in dialog.outcome.text()
