"""What a notice is about: services, and the window it is for, which fills when and where."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from noc_console.desk.composer.window_choice import WindowChoice
from noc_console.desk.windows.windows_page import WindowsPage
from noc_console.incidents.windows.recurrence import Recurrence, Unit
from noc_console.incidents.windows.window import Window
from noc_console.incidents.windows.window_records import add_window, cancel_window
from noc_console.notices.notice import Notice, NoticeKind
from noc_console.notices.notice_records import add_notice
from tests.desk.composer_bench import NOW
from tests.desk.qt_life import end, wait_until
from tests.notices.outbox import scheduled


def planned(composing, title="New kernel", **changes):
    usual = Window(
        title=title,
        servers=(composing.server.id,),
        services=("nginx", "exim4"),
        starts_at=datetime(2026, 12, 12, 1, 0, tzinfo=UTC),
        minutes=45,
        zone="Europe/Berlin",
        entered_at=NOW,
    )
    return add_window(composing.store, replace(usual, **changes))


def test_services_are_named_and_offered_from_what_is_expected_on_servers(composing):
    composing.live.servers = [replace(composing.server, expected_services=("nginx", "exim4"))]
    composer = composing.complete()

    QTest.keyClicks(composer.fields.services, "nginx, exi")
    completer = composer.fields.services.completer()
    assert completer.currentCompletion() == "nginx, exim4"
    composer.fields.services.setText("nginx, exim4")
    composing.settle()

    assert composing.stored().notice.services == ("nginx", "exim4")
    assert "nginx" in composer.preview.reader.toPlainText()


def test_a_window_that_is_chosen_by_keys_fills_when_and_where(composing):
    planned(composing, "Other work", starts_at=datetime(2026, 12, 1, 1, 0, tzinfo=UTC))
    window = planned(composing)
    composer = composing.open(Notice(kind=NoticeKind.SCHEDULED, zone="UTC"))
    assert "none" in composer.fields.window_line.words.text()

    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(composer.fields.title, Qt.Key.Key_G, both)
    (dialog,) = composer.findChildren(WindowChoice)
    wait_until(lambda: len(dialog.model.rows) == 2)
    QTest.keyClicks(dialog.filter, "kernel")
    QTest.keyClick(dialog.filter, Qt.Key.Key_Return)
    composing.settle()

    notice = composing.stored().notice
    assert (notice.window_id, notice.starts_at) == (window.id, window.starts_at)
    assert (notice.minutes, notice.zone) == (45, "Europe/Berlin")
    assert (notice.servers, notice.services) == ((composing.server.id,), ("nginx", "exim4"))
    assert composer.fields.start.text() == "Sat 2026-12-12 02:00"
    assert composer.fields.servers.text() == "web1"
    assert composer.fields.window_line.words.text() == (
        f"{window.id}: New kernel, Sat 2026-12-12 02:00 CET"
    )


def test_each_time_of_a_window_that_repeats_can_be_chosen_and_says_which_is_told(composing):
    weekly = planned(composing, recurrence=Recurrence(unit=Unit.WEEKS, until=date(2026, 12, 26)))
    told = scheduled(
        window_id=weekly.id, starts_at=weekly.starts_at, servers=(composing.server.id,)
    )
    other = add_notice(composing.store, told, by="ben", now=NOW)
    composing.open()

    dialog = composing.deeds.ask_window()
    wait_until(lambda: bool(dialog.model.rows))
    assert [one.notice_id for one in dialog.model.rows] == [other.id, 0, 0]
    assert dialog.model.index(0, 4).data() == f"▲ {other.id}"

    QTest.keyClick(dialog.filter, Qt.Key.Key_Down)
    dialog.take.click()
    composing.settle()
    assert composing.stored().notice.starts_at == weekly.starts_at + timedelta(days=7)


def test_a_window_is_unlinked_and_the_times_stay(composing):
    window = planned(composing)
    composer = composing.complete(window_id=window.id)

    dialog = composing.deeds.ask_window()
    wait_until(lambda: bool(dialog.model.rows))
    dialog.none.click()
    composing.settle()

    assert composing.stored().notice.window_id == 0
    assert composing.stored().notice.starts_at == window.starts_at
    assert "none" in composer.fields.window_line.words.text()


def test_without_a_window_ahead_the_choice_says_where_one_is_planned(composing):
    composing.open()
    dialog = composing.deeds.ask_window()
    wait_until(lambda: "No window" in dialog.state.text())

    assert "Ctrl+4" in dialog.state.text()
    assert not dialog.take.isEnabled()
    assert not dialog.none.isEnabled()
    dialog.reject()


def test_a_key_goes_from_the_notice_to_its_window(composing):
    composer = composing.complete()
    QTest.keyClick(composer.fields.title, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert "No window is linked" in composing.navigator.said[-1]

    window = planned(composing)
    composer.change(replace(composer.notice, window_id=window.id, title="New"))
    QTest.keyClick(composer.fields.title, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: bool(composing.navigator.opened))

    assert composing.navigator.opened == [f"window {window.id} near 2026-12-12"]
    assert composing.stored().notice.title == "New"


def test_a_cancelled_window_is_said_to_be_so(composing):
    window = planned(composing)
    composer = composing.complete(window_id=window.id)
    cancel_window(composing.store, window.id, "ben", NOW)
    composing.live.windows_changed.emit()
    composing.settle()

    assert "cancelled" in composer.fields.window_line.words.text()
    assert any("is cancelled" in one for one in [one.words for one in composer.findings.points])


def test_a_notice_leads_to_the_time_of_a_window_that_it_tells(composing):
    first = planned(composing, recurrence=Recurrence(unit=Unit.WEEKS))
    other = planned(composing, "disks", starts_at=NOW + timedelta(days=90))
    page = WindowsPage(composing.context, lambda: NOW)
    page.show()

    page.show_window(first.id, NOW + timedelta(days=50))
    wait_until(lambda: composing.pool.is_idle)
    assert page._current().planned_start == first.starts_at + timedelta(days=35)

    page.show_window(other.id, NOW)
    wait_until(lambda: composing.pool.is_idle)
    assert page._current().window == other
    page.show_window(99, NOW)
    wait_until(lambda: composing.pool.is_idle)
    assert "99" in composing.navigator.said[-1]
    end(page)
