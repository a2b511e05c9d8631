"""Every declared setting is on the page, works by keyboard, and is saved at once with a word."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QSpinBox

from noc_console.desk.settings.declared import BY_KEY, SETTINGS, Scope
from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.settings.setting_row import SettingRow, usual_words
from noc_console.desk.settings.settings_page import SettingsPage
from noc_console.store.failures import StoreFull
from noc_console.store.settings import get_setting, put_setting
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

RAW = "retention.raw_days"


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def page(bench):
    page = SettingsPage(bench.context)
    page.resize(900, 700)
    page.show()
    wait_until(page.rows[RAW].control.isEnabled)
    yield page
    end(page)


def test_every_declared_setting_is_there_with_its_words(page):
    assert set(page.rows) == set(BY_KEY)
    for setting in SETTINGS:
        row = page.rows[setting.key]
        assert row.title.text() == setting.title
        assert setting.sentence in row.sentence.text()
        assert row.control.accessibleName() == setting.title


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("theme", "Usually “As the system”."),
        ("tray", "Usually on."),
        ("close_to_tray", "Usually off."),
        ("asked_by", ""),
        (RAW, "Usually 7 days."),
    ],
)
def test_the_default_is_told_in_words(key, words):
    assert usual_words(BY_KEY[key]) == words


def test_what_is_chosen_is_kept_at_once_and_said(bench, page, tmp_path):
    row = page.rows["close_to_tray"]
    QTest.keyClick(row.control, Qt.Key.Key_Space)

    kept = DeskSettings(tmp_path / "config")
    assert kept.get("close_to_tray") is True
    assert row.outcome.text() == "Saved."
    end(kept)


def test_a_choice_is_made_with_the_arrows(bench, page):
    control = page.rows["theme"].control
    assert isinstance(control, QComboBox)
    QTest.keyClick(control, Qt.Key.Key_Down)

    assert bench.settings.get("theme") == "light"


def test_a_text_is_saved_when_it_is_finished(bench, page):
    control = page.rows["asked_by"].control
    assert isinstance(control, QLineEdit)
    QTest.keyClicks(control, "ann")
    before = bench.settings.get("asked_by")
    QTest.keyClick(control, Qt.Key.Key_Return)

    assert (before, bench.settings.get("asked_by")) == ("", "ann")


def test_a_setting_of_the_store_is_saved_for_everybody(bench, page):
    row = page.rows[RAW]
    assert isinstance(row.control, QSpinBox)
    QTest.keyClick(row.control, Qt.Key.Key_Up)
    wait_until(lambda: row.outcome.text() == "Saved for everybody.")

    assert get_setting(bench.store, RAW, 0) == BY_KEY[RAW].default + 1


def test_what_somebody_else_set_in_the_store_is_shown(bench, page):
    put_setting(bench.store, RAW, 30)
    bench.live.settings_changed.emit()

    wait_until(lambda: page.rows[RAW].control.value() == 30)
    assert page.rows[RAW].outcome.text() == ""


def test_a_value_of_the_store_that_cannot_be_shows_the_default(bench, page):
    put_setting(bench.store, RAW, "a week")
    put_setting(bench.store, "retention.one_minute_days", 30)
    bench.live.settings_changed.emit()

    wait_until(lambda: page.rows["retention.one_minute_days"].control.value() == 30)
    assert page.rows[RAW].control.value() == BY_KEY[RAW].default


def test_a_store_that_is_full_is_said_and_the_old_value_comes_back(bench, page, monkeypatch):
    def refuse(*_):
        raise StoreFull("No room.")

    monkeypatch.setattr("noc_console.desk.settings.settings_page.put_setting", refuse)
    row = page.rows[RAW]
    QTest.keyClick(row.control, Qt.Key.Key_Up)

    wait_until(lambda: row.control.value() == BY_KEY[RAW].default)
    assert row.outcome.text() == "No room."


def test_another_part_of_the_window_changing_a_setting_shows_here(bench, page):
    bench.settings.put("theme", "dark")

    assert page.rows["theme"].control.currentData() == "dark"


def test_scrolling_past_a_field_does_not_change_it(page):
    control = page.rows[RAW].control
    page.rows["theme"].control.setFocus()
    wheel = QWheelEvent(
        QPointF(5, 5),
        control.mapToGlobal(QPointF(5, 5)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(control, wheel)

    assert control.value() == BY_KEY[RAW].default


def test_store_engine_and_version_are_named(bench, page):
    assert page.facts["Store"].text() == str(bench.store.location)
    assert page.facts["Engine"].text().startswith("Version 0 on host (process 1), since ")
    assert page.facts["Version"].text().startswith("0.")

    bench.live.engine_changed.emit(None)
    assert page.facts["Engine"].text() == "No engine watches this store."


def test_every_control_is_reached_with_the_tab_key(page):
    assert all(row.control.focusPolicy() & Qt.FocusPolicy.TabFocus for row in page.rows.values())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_showing_a_value_tells_no_choice(application, setting):
    row, told = SettingRow(setting), []
    row.chosen.connect(told.append)
    other = {bool: True, int: setting.most, str: "dark" if setting.choices else "ann"}
    row.show_value(other[type(setting.default)])

    assert told == []
    end(row)


def test_settings_of_the_store_wait_for_the_store(bench):
    page = SettingsPage(bench.context)
    waiting = [
        row.control.isEnabled() for row in page.rows.values() if row.setting.scope is Scope.STORE
    ]

    assert waiting
    assert not any(waiting)
    end(page)


def test_quiet_hours_that_cannot_be_are_refused_with_their_form_and_not_kept(bench, page):
    row = page.rows["announce.quiet"]
    row.control.setText("at night")
    row.control.editingFinished.emit()
    assert "are no hours; write them as in" in row.outcome.text()
    assert bench.settings.get("announce.quiet") == ""

    row.control.setText("22:00-07:00")
    row.control.editingFinished.emit()
    assert bench.settings.get("announce.quiet") == "22:00-07:00"


def test_it_is_said_what_shows_notes_and_plays_sounds_here(bench):
    class Announcing(QObject):
        state_changed = Signal(str)
        state = "Notes are shown by dunst."

    announcing = Announcing()
    page = SettingsPage(replace(bench.context, announcing=announcing))
    assert page.facts["Alarms here"].text() == "Notes are shown by dunst."

    announcing.state_changed.emit("There is no session bus.")
    assert page.facts["Alarms here"].text() == "There is no session bus."
    end(page)
