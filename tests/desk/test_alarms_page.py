"""The page of alarms by keys, on a real store; the live alarms are told by the test."""

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from noc_console.desk.alarms.act_dialog import ActDialog
from noc_console.desk.alarms.alarm_rows import COLUMNS, Column
from noc_console.desk.alarms.alarms_page import AlarmsPage
from noc_console.desk.alarms.presence import Presence, desk_person
from noc_console.desk.alarms.server_alarms import ServerAlarms
from noc_console.desk.key_map import keys_of
from noc_console.health.alarm import Alarm, AlarmEventKind, AlarmState
from noc_console.health.alarm_change import Change, Place
from noc_console.health.alarm_change_records import write_changes
from noc_console.health.alarm_records import get_alarm, open_alarms
from noc_console.health.alarm_seen_records import missed_by, note_presence
from noc_console.health.verdict import Verdict
from noc_console.incidents.incident.incident_rows import list_incidents
from tests.desk.page_bench import NOW
from tests.desk.qt_life import end, wait_until
from tests.desk.window_bench import WindowBench

Kind = AlarmEventKind


class AlarmBench(WindowBench):
    """A page of alarms on a real store."""

    def __init__(self, application, folder):
        super().__init__(application, folder)
        self.page = AlarmsPage(self.context, lambda: self.clock)
        self.panel = self.page.open_alarms

    def raise_alarm(self, key, verdict=Verdict.EARLY, kind=Kind.RAISED, words=""):
        place = Place(self.server.id, key)
        words = words or f"{key} is high"
        write_changes(
            self.store, [Change(place=place, kind=kind, verdict=verdict, words=words, at=NOW)]
        )
        self.tell()

    def tell(self):
        self.live.alarms = open_alarms(self.store)
        self.live.alarms_changed.emit(list(self.live.alarms.values()))

    def show(self):
        self.page.show()
        self.page.activateWindow()
        self.panel.focus_alarms()
        return self.panel

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier):
        self.page.activateWindow()
        self.panel.focus_alarms()
        wait_until(self.panel.table.hasFocus)
        QTest.keyClick(self.panel.table, key, modifier)

    def chosen(self):
        return {one.key for one in self.panel.table.chosen()}

    def of(self, key):
        return next(one for one in open_alarms(self.store).values() if one.key == key)

    def close(self):
        end(self.page)
        super().close()


@pytest.fixture
def bench(application, tmp_path):
    made = AlarmBench(application, tmp_path)
    yield made
    made.close()


def dialog_of(bench):
    wait_until(lambda: bench.panel.findChild(ActDialog) is not None)
    return bench.panel.findChild(ActDialog)


def test_without_an_alarm_the_page_says_what_will_come(bench):
    panel = bench.show()
    assert panel.state.title.text() == "No alarm is open"
    assert not panel.tools.isVisible()
    assert not panel.splitter.isVisible()


def test_a_filter_that_nothing_fits_says_how_to_get_back(bench):
    bench.raise_alarm("load5")
    panel = bench.show()
    panel.filter.setText("dns")
    assert panel.state.title.text() == "No alarm fits the filter"
    panel.filter.clear()
    assert panel.splitter.isVisible()


def test_nobody_watching_is_said(bench):
    panel = bench.show()
    bench.live.engine = None
    bench.live.engine_changed.emit(None)
    assert "No engine is watching" in panel.not_watched.text()
    assert panel.not_watched.isVisible()


def test_c_claims_and_c_again_gives_back(bench):
    bench.raise_alarm("load5")
    bench.show()
    bench.press(Qt.Key.Key_C)
    wait_until(lambda: bench.of("load5").claimed is not None)
    assert bench.of("load5").claimed.by == "ann"
    bench.tell()
    assert bench.panel.model.rows[0].who == "ann is on it"

    bench.press(Qt.Key.Key_C)
    wait_until(lambda: bench.of("load5").claimed is None)


def test_a_asks_for_a_reason_and_acknowledges(bench):
    bench.raise_alarm("load5")
    bench.show()
    bench.press(Qt.Key.Key_A)
    dialog = dialog_of(bench)
    assert not dialog.ok_button.isEnabled()
    dialog.reason.setEditText("backup runs")
    dialog.until.setCurrentText("2 hours")
    dialog.ok_button.click()
    wait_until(lambda: bench.of("load5").state is AlarmState.ACKNOWLEDGED)
    noted = bench.of("load5").acknowledged
    assert (noted.by, noted.reason, (noted.until - NOW).seconds) == ("ann", "backup runs", 7200)
    assert bench.settings.get_layout("alarms.reasons", []) == ["backup runs"]


def test_s_shelves_until_a_chosen_time_and_u_brings_it_back(bench):
    bench.raise_alarm("load5")
    bench.show()
    bench.press(Qt.Key.Key_S)
    dialog = dialog_of(bench)
    dialog.reason.setEditText("new disk")
    dialog.until.setCurrentText("another time …")
    dialog.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(NOW.timestamp()) - 60))
    assert "past" in dialog.trouble.text()
    assert not dialog.ok_button.isEnabled()
    dialog.moment.setDateTime(QDateTime.fromSecsSinceEpoch(int(NOW.timestamp()) + 3600))
    dialog.ok_button.click()
    wait_until(lambda: bench.of("load5").state is AlarmState.SHELVED)

    bench.tell()
    bench.press(Qt.Key.Key_U)
    wait_until(lambda: bench.of("load5").state is AlarmState.RAISED)


def test_l_latches_and_i_opens_an_incident(bench):
    bench.raise_alarm("load5", Verdict.CUT_OFF)
    bench.show()
    bench.press(Qt.Key.Key_L)
    wait_until(lambda: bench.of("load5").is_latched)
    bench.press(Qt.Key.Key_I)
    wait_until(lambda: list_incidents(bench.store) != [])
    (incident,) = list_incidents(bench.store)
    assert incident.title == "web1: load5 is high"
    assert incident.opened_by == "ann"


def test_all_that_is_chosen_is_acted_on(bench):
    for key in ("load5", "load1", "oom"):
        bench.raise_alarm(key)
    bench.show()
    bench.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    bench.press(Qt.Key.Key_C)
    wait_until(lambda: all(one.claimed for one in open_alarms(bench.store).values()))


def test_ctrl_c_copies_a_line_an_alarm_for_the_ticket(bench):
    bench.raise_alarm("load5", Verdict.CUT_OFF)
    bench.raise_alarm("mail_queue")
    bench.show()
    bench.press(Qt.Key.Key_C)
    wait_until(lambda: bench.of("load5").claimed is not None)
    bench.tell()
    bench.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)

    bench.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    first, second = QGuiApplication.clipboard().text().splitlines()
    assert first.startswith("CUT-OFF web1: load5 is high; raised ")
    assert f"; {bench.context.asked_by} is on it since " in first
    assert first.endswith(f"; alarm {bench.of('load5').id}")
    assert second.startswith("EARLY web1: mail_queue is high; raised ")
    assert bench.panel.notice.words.text() == "2 alarms are copied: paste into the ticket."


def test_with_nothing_chosen_the_clipboard_stays_as_it_was(bench):
    QGuiApplication.clipboard().setText("kept")
    bench.raise_alarm("load5")
    panel = bench.show()
    panel.table.clearSelection()

    panel.acting.actions.by_key["copy"].trigger()

    assert QGuiApplication.clipboard().text() == "kept"


def test_what_befell_the_alarm_of_the_cursor_is_below(bench):
    bench.raise_alarm("load5")
    panel = bench.show()
    wait_until(lambda: len(panel.events.model.rows) == 1)
    bench.raise_alarm("load5", Verdict.CUT_OFF, Kind.WORSE)
    wait_until(lambda: len(panel.events.model.rows) == 2)
    assert panel.events.model.index(1, 1).data() == "◆  worse, cut-off"


def test_only_what_waits_for_a_person_can_be_shown(bench):
    bench.raise_alarm("load5")
    bench.raise_alarm("oom")
    panel = bench.show()
    panel.acting._deeds.acknowledge([bench.of("oom")], "known", None)
    wait_until(lambda: bench.of("oom").acknowledged is not None)
    bench.tell()
    assert len(panel.model.rows) == 2
    bench.press(Qt.Key.Key_W)
    assert [row.alarm.key for row in panel.model.rows] == ["load5"]
    assert panel.counts.text() == "1 to look at, 1 acknowledged"


def test_a_storm_of_a_thousand_rows_is_shown_without_a_stall(bench):
    panel = bench.show()
    bench.live.alarms = {
        number: Alarm(
            id=number,
            server_id=bench.server.id,
            key=f"k{number}",
            verdict=Verdict.DOWN,
            words="gone",
            raised_at=NOW,
        )
        for number in range(1, 1001)
    }
    bench.live.alarms_changed.emit([])
    assert panel.model.rowCount() == 1000


def test_every_act_has_a_key_that_f1_tells(bench):
    told = dict(keys_of(bench.page))
    for words in ("Acknowledge", "Claim", "Shelve", "Unshelve", "Latch", "Open an incident"):
        assert told[words]
    assert told["Go to the next tab"] == "Ctrl+PgDown"


def test_what_was_missed_does_not_repeat_the_name_beside_it(bench):
    note_presence(bench.store, desk_person(bench.context), is_here=False, now=NOW)
    bench.raise_alarm("link", words=f"{bench.server.name} stopped answering.")
    bench.raise_alarm("link", kind=Kind.CLEARED)
    note_presence(bench.store, desk_person(bench.context), is_here=False, now=NOW)
    bench.show()
    bench.page.show_missed()
    rows = bench.page.missed.model
    wait_until(lambda: len(rows.rows) == 1)

    assert [rows.index(0, place).data() for place in (1, 2)] == [
        bench.server.name,
        "Stopped answering.",
    ]


def test_what_was_missed_waits_in_its_tab_until_it_is_seen(bench):
    person = desk_person(bench.context)
    note_presence(bench.store, person, is_here=False, now=NOW)
    bench.raise_alarm("load5")
    bench.raise_alarm("load5", kind=Kind.CLEARED)
    note_presence(bench.store, person, is_here=False, now=NOW)
    bench.show()
    bench.page.show_missed()
    missed = bench.page.missed
    wait_until(lambda: len(missed.model.rows) == 1)
    assert bench.page.tabs.tabText(1) == "Missed while away (1)"
    assert missed.model.index(0, 5).data() == "cleared after 0 s"
    missed.table.setFocus()
    wait_until(missed.table.hasFocus)
    QTest.keyClick(missed.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until(lambda: missed.model.rows == ())
    assert missed_by(bench.store, person) == []


def test_who_comes_back_is_told_what_they_missed(bench):
    note_presence(bench.store, desk_person(bench.context), is_here=False, now=NOW)
    bench.raise_alarm("load5")
    bench.page.show()
    told = []
    presence = Presence(bench.context, bench.page, lambda: bench.clock)
    presence.missed.connect(told.append)
    wait_until(lambda: told == [1])


def test_figures_and_what_they_are_counted_from(bench):
    bench.raise_alarm("load5")
    bench.clock = NOW.replace(microsecond=1000)
    bench.show()
    quality = bench.page.quality
    bench.page.tabs.setCurrentWidget(quality)
    wait_until(lambda: len(quality.measures.rows) == 8)
    wait_until(lambda: len(quality.traces.rows) == 1)
    assert quality.offenders.index(0, 1).data() == "Load, 5 min"
    assert "counted from 1 row" in quality.traced_title.text()


def test_alarms_that_nobody_watched_for_are_no_good_quality(bench):
    bench.show()
    quality = bench.page.quality
    bench.page.tabs.setCurrentWidget(quality)
    wait_until(lambda: len(quality.measures.rows) == 8)
    told = {quality.measures.index(row, 3).data() for row in range(8)}
    assert {words.split(" ", 1)[1].strip() for words in told} == {"not watched"}
    assert "watched for 0 % of it" in quality.state.text()


def test_a_servers_alarms_stand_on_its_page_and_on_its_graphs(bench):
    marks = []
    strip = ServerAlarms(bench.context, bench.server.id, marks.append, lambda: bench.clock)
    wait_until(lambda: marks == [()])
    assert strip.isHidden()
    bench.raise_alarm("load5", Verdict.CUT_OFF)
    wait_until(lambda: marks and len(marks[-1]) == 1)
    assert not strip.isHidden()
    (mark,) = marks[-1]
    assert (mark.shape, mark.at_s) == ("◆", NOW.timestamp())
    assert "raised: load5 is high" in mark.words
    strip.activateWindow()
    strip.table.setFocus()
    wait_until(strip.table.hasFocus)
    QTest.keyClick(strip.table, Qt.Key.Key_C)
    wait_until(lambda: bench.of("load5").claimed is not None)
    assert get_alarm(bench.store, bench.of("load5").id).claimed.by == "ann"
    end(strip)


def test_a_servers_alarms_are_one_line_until_a_key_opens_them(bench):
    strip = ServerAlarms(bench.context, bench.server.id, lambda _: None, lambda: bench.clock)
    for key, verdict in (
        ("load5", Verdict.EARLY),
        ("mem", Verdict.CUT_OFF),
        ("swap", Verdict.EARLY),
    ):
        bench.raise_alarm(key, verdict)
    strip.show()
    line = strip.table.height()

    assert strip.count_button.text() == "3 alarms ▾"
    assert strip.deeds.isHidden()
    assert strip.table.isColumnHidden(COLUMNS.index(Column.TIMES))  # a number without a title
    assert strip.table.current().key == "mem"
    strip.toggle()
    assert strip.table.height() > 2 * line
    assert not strip.deeds.isHidden()
    assert not strip.table.horizontalHeader().isHidden()
    assert not strip.table.isColumnHidden(COLUMNS.index(Column.TIMES))
    strip.toggle()
    assert strip.table.height() == line
    assert bench.context.settings.get_layout("server.alarms_open", True) is False
    end(strip)


def test_alarms_that_a_note_tells_of_are_chosen_whatever_the_filter_hides(bench):
    for key in ("load5", "mem", "swap"):
        bench.raise_alarm(key)
    panel = bench.show()
    bench.page.show_missed()
    panel.filter.setText("load5")

    bench.page.show_alarms([bench.of("mem").id, bench.of("swap").id])

    assert bench.page.tabs.currentWidget() is panel
    assert bench.chosen() == {"mem", "swap"}
    assert panel.table.current().key in {"mem", "swap"}
    assert panel.filter.text() == ""


def test_a_note_of_an_alarm_that_is_over_says_so(bench):
    bench.raise_alarm("load5")
    bench.show()

    bench.page.show_alarms([99])

    assert "no longer open" in bench.panel.notice.words.text()
