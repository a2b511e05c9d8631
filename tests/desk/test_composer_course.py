"""Downtime that goes on, in the composer: its course, updates and the all-clear by keys."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from noc_console.desk.composer.course_panel import CoursePanel
from noc_console.desk.notices.notice_dialogs import DoneDialog, UpdateDialog
from noc_console.notices.channels.channel import ChannelKind
from noc_console.notices.first_word import FirstWord, draft_first_word, send_first_word
from noc_console.notices.notice import Notice, NoticeKind, UnscheduledState
from noc_console.notices.notice_records import get_notice
from noc_console.notices.posting import NoticeState
from tests.desk.composer_bench import NOW
from tests.desk.qt_life import wait_until
from tests.notices.outbox import add

MINUTE = timedelta(minutes=1)
CONTROL = Qt.KeyboardModifier.ControlModifier


def running(bench, *, since=NOW - 12 * MINUTE):
    """Open the composer on downtime whose first word went a moment ago."""
    add(bench.store, ChannelKind.WORDPRESS)
    told = FirstWord(noticed="Sites do not answer", since=since, servers=("web1",))
    notice = draft_first_word(bench.store, told, None, NOW)
    number = send_first_word(bench.store, notice, None, by="ann", now=NOW).notice_id
    bench.show(get_notice(bench.store, number))
    bench.settle()
    return bench.composer


def press(composer, key):
    """Press a key with Ctrl in the composer's first field."""
    composer.activateWindow()
    composer.fields.title.setFocus()
    wait_until(composer.fields.title.hasFocus)
    QTest.keyClick(composer.fields.title, key, CONTROL)


def press_to_send(dialog, field):
    """Press Ctrl+Return in a field of a dialog, as it is told there."""
    dialog.activateWindow()
    field.setFocus()
    wait_until(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)


def changed(bench):
    wait_until(lambda: bench.pool.is_idle, 60)
    bench.live.notices_changed.emit()
    bench.settle()


def cells(composer):
    model = composer.course.model
    return [
        [model.index(row, column).data() for column in range(1, 6)]
        for row in range(model.rowCount())
    ]


def test_downtime_that_goes_on_opens_at_its_course_with_the_promise_that_runs(composing):
    composer = running(composing)

    assert composer.tabs.currentWidget() is composer.course
    assert composer.course.standing.text() == "◆  investigating, goes on for 12 min"
    assert "update in 30 min" in composer.course.promise.text()
    assert [one[:2] for one in cells(composer)] == [["first word", "investigating"]]
    assert not composer.fields.state.isEnabled()

    composing.at = NOW + 33 * MINUTE
    composer.course._tick()
    assert composer.course.promise.text().startswith("■  Promised for")
    assert "LATE by 3 min" in composer.course.promise.text()


def test_states_and_updates_are_told_by_keys_and_stand_in_the_history(composing):
    composer = running(composing)
    for minutes, state in ((10, UnscheduledState.IDENTIFIED), (50, UnscheduledState.MONITORING)):
        composing.at = NOW + minutes * MINUTE
        press(composer, Qt.Key.Key_U)
        dialog = composer.findChildren(UpdateDialog)[-1]
        QTest.keyClicks(dialog.words, f"It is {state.value}.")
        dialog.state.setCurrentText(state.value)
        press_to_send(dialog, dialog.words)
        changed(composing)
        wait_until(lambda state=state: cells(composer)[0][1] == state.value, 60)

    assert [one[:3] for one in cells(composer)] == [
        ["update", "monitoring", "It is monitoring."],
        ["update", "identified", "It is identified."],
        ["first word", "investigating", "Sites do not answer"],
    ]
    assert [one[4].partition(" ")[0] for one in cells(composer)] == ["by", "■", "by"]
    assert "10 min late" in cells(composer)[1][4]
    assert composing.stored().notice.state is UnscheduledState.MONITORING
    assert composer.fields.state.currentText() == "monitoring"


def test_the_all_clear_by_keys_asks_cause_and_what_next_and_says_how_long_it_lasted(composing):
    composer = running(composing)
    composing.at = NOW + 30 * MINUTE
    press(composer, Qt.Key.Key_R)
    dialog = composer.findChildren(DoneDialog)[-1]
    assert dialog.lasted.text() == "42 min"
    QTest.keyClicks(dialog.ended, "10 min")
    assert dialog.lasted.text() == "32 min"
    dialog.ended.setText("90 min")
    assert "before it began" in dialog.lasted.text()
    dialog.ended.setText("10 min")
    press_to_send(dialog, dialog.ended)
    wait_until(lambda: "cause" in dialog.trouble.text(), 60)

    QTest.keyClicks(dialog.cause, "A disk failed.")
    QTest.keyClicks(dialog.next_steps, "We mirror it.")
    press_to_send(dialog, dialog.cause)
    changed(composing)
    wait_until(lambda: composing.stored().state is NoticeState.DONE, 60)
    changed(composing)

    assert composing.stored().notice.resolved_at == NOW + 20 * MINUTE
    assert composer.course.standing.text() == "✓  resolved, lasted 32 min"
    assert cells(composer)[0][0] == "all-clear"
    assert not composer.course.update_button.isEnabled()
    assert not composer.fields.isEnabled()


def test_what_was_typed_in_the_composer_stands_in_the_all_clear(composing):
    composer = running(composing)
    composer.fields.texts["cause"].setPlainText("A power supply broke.")
    composing.deeds.ask_clear()
    wait_until(lambda: bool(composer.findChildren(DoneDialog)), 60)

    dialog = composer.findChildren(DoneDialog)[-1]
    assert dialog.cause.toPlainText() == "A power supply broke."
    dialog.reject()


def test_a_draft_of_downtime_says_what_sends_it_and_takes_no_update(composing):
    composer = composing.open(Notice(kind=NoticeKind.UNSCHEDULED, noticed="x"))
    composer.tabs.setCurrentWidget(composer.course)
    composing.settle()
    wait_until(lambda: "Ctrl+Return" in composer.course.words.text())

    assert composer.fields.state.isEnabled()
    assert not composer.course.update_button.isEnabled()
    composing.deeds.ask_update()
    assert "nobody waits for word" in composing.navigator.said[-1]
    press(composer, Qt.Key.Key_G)
    assert "No incident is linked" in composing.navigator.said[-1]


def test_planned_work_has_no_course(composing):
    composer = composing.complete()
    names = [composer.tabs.tabText(place) for place in range(composer.tabs.count())]
    assert "Course" not in names
    assert composer.findChildren(CoursePanel) == []
