"""What logs told, as tabs of an audit: logins beside habits, senders beside their past."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton

from noc_console.audit.audit_records import open_audit, put_collected
from noc_console.audit.check import Family
from noc_console.audit.logins.panel import Standing
from noc_console.audit.not_told import NotTold
from noc_console.audit.spam.panel import DayCount
from noc_console.desk.audit.audit_page import AuditPage
from noc_console.desk.audit.day_chart import day_words, nice_top
from noc_console.desk.audit.login_columns import zone_or_none
from noc_console.desk.audit.told_tab import named, nothing_told
from noc_console.fleet.records import add_server
from noc_console.fleet.server import Server
from tests.audit.judged import judged
from tests.audit.logins.written import HEAD, HOTEL, accepted, at, refused
from tests.audit.spam.test_kept import LINE, answer
from tests.desk.page_bench import NOW, PageBench
from tests.desk.qt_life import end, wait_until

USUAL = [accepted(at(day)) for day in (2, 3, 4, 5)]
ATTACK = [refused(at(6, 3), "shop", HOTEL, 9), accepted(at(6, 4), "shop", HOTEL, by="password")]
SENT = answer(
    date(2026, 11, 28),
    {"shop": [20] * 20 + [900, 25], "blog": [5] * 22},
    lines=f"LINE\tuser\tshop\t{LINE}",
)


class Bench(PageBench):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.other = add_server(self.store, Server(name="web2", address="10.0.0.2"), NOW)
        self.live.servers = [self.server, self.other]
        self.page: AuditPage | None = None

    def collect(self, server: Server, *outputs: tuple[str, str]) -> None:
        audit = open_audit(
            self.store, "2026-11", self.live.servers, catalogue="c", by="ann", now=NOW
        )
        put_collected(
            self.store,
            audit.id,
            server.id,
            [judged(check, output) for check, output in outputs],
            family=Family.DEBIAN,
            system="Debian 12",
            cpu_ms=1,
            now=NOW,
        )

    def collect_all(self) -> None:
        log = HEAD + "\n".join([*USUAL, *ATTACK]) + "\n"
        self.collect(self.server, ("LOG-01", log), ("MAIL-04", SENT))

    def open(self, title: str):
        self.page = AuditPage(self.context, lambda: NOW)
        self.page.resize(1280, 700)
        self.page.show()
        self.settle()
        assert self.page.show_tab(title)
        self.settle()
        return self.page.tabs.currentWidget()

    def settle(self) -> None:
        wait_until(lambda: self.pool.is_idle and self.page.is_settled)

    def press(self, widget, key) -> None:
        widget.setFocus()
        QTest.keyClick(widget, key)
        self.settle()


@pytest.fixture
def bench(application, tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "store")
    yield bench
    if bench.page is not None:
        end(bench.page)
    bench.close()


def strict(model, owner) -> None:
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner)


def test_the_worst_account_comes_first_with_its_hours_networks_and_raw_line(bench):
    bench.collect_all()
    tab = bench.open("Logins")
    for model in (tab.model, tab.networks, tab.logins):
        strict(model, tab)

    assert [one.user for one in tab.model.rows] == ["shop", "ann"]
    assert "2 accounts, 5 logins: 1 suspect" in tab.summary.text()
    assert tab.logins.rows[0].standing is Standing.SUSPECT
    assert "Accepted password for shop" in tab.line.text()
    assert "Fri 04:00: 1 login, 1 of them told of" in tab.hour.text()
    assert [one.network for one in tab.networks.rows] == ["198.51.100.0/24"]
    assert "web2" in tab.summary.text()


def test_enter_leads_from_an_account_to_its_logins_and_to_the_finding(bench):
    bench.collect_all()
    tab = bench.open("Logins")
    bench.press(tab.table, Qt.Key.Key_Return)
    assert tab.logins_table.hasFocus()
    bench.press(tab.logins_table, Qt.Key.Key_Return)

    line = bench.page.checklist.chosen_line
    assert line.key == (bench.server.id, "LOG-01", "guessed password shop 198.51.100.0/24")


def test_an_account_as_usual_has_no_finding_and_its_network_can_be_chosen(bench):
    bench.collect_all()
    tab = bench.open("Logins")
    tab.table.selectRow(1)
    bench.settle()
    assert len(tab.logins.rows) == 4
    assert not tab.deeds.actions["finding"].isEnabled()
    tab.network.setCurrentIndex(1)
    assert {one.network for one in tab.logins.rows} == {"203.0.113.0/24"}
    bench.press(tab.chart, Qt.Key.Key_Down)
    assert tab.hour.text().startswith("Tue")
    QTest.mouseClick(tab.chart, Qt.MouseButton.LeftButton, pos=QPoint(40, 4))
    assert tab.hour.text().startswith("Mon 00:00")


def test_the_worst_sender_comes_first_with_its_days_and_raw_lines(bench):
    bench.collect_all()
    tab = bench.open("Senders")
    strict(tab.model, tab)

    assert [one.name for one in tab.model.rows] == ["shop", "all mail", "blog"]
    assert "3 senders, 2 far above their past" in tab.summary.text()
    assert tab.chart.chosen == tab.model.rows[0].peak
    assert "900 mails; usual is 20" in tab.day.text()
    assert tab.lines.toPlainText() == LINE
    bench.press(tab.chart, Qt.Key.Key_Right)
    assert "the day was not over" in tab.day.text()
    bench.press(tab.chart, Qt.Key.Key_Home)
    assert tab.day.text().startswith("Sat 2026-11-07: 20 mails")
    bench.press(tab.table, Qt.Key.Key_Return)
    assert bench.page.checklist.chosen_line.key == tab.model.rows[0].key


def test_a_sender_of_whom_no_line_was_kept_says_so(bench):
    bench.collect_all()
    tab = bench.open("Senders")
    tab.table.selectRow(2)
    bench.settle()
    assert "kept no line" in tab.lines.toPlainText()


def test_nothing_told_says_why_and_what_to_do(bench):
    bench.collect(bench.server, ("FW-01", ""))
    for title, words in (("Logins", "not asked for yet"), ("Senders", "not asked yet")):
        tab = bench.open(title)
        assert words in tab.panel.sentence.text()
        assert not tab.below.isVisible()
        end(bench.page)
    bench.page = None


def test_what_is_decided_does_not_have_the_logs_read_again(bench, monkeypatch):
    bench.collect_all()
    tab = bench.open("Senders")
    readings = []
    read = tab.reading
    monkeypatch.setattr(tab, "reading", lambda: readings.append(1) or read())
    for _ in range(3):
        bench.page.chosen.feed.read_now()
        bench.settle()
    assert readings == []
    bench.collect(bench.other, ("MAIL-04", SENT))
    bench.page.chosen.feed.read_now()
    bench.settle()
    assert readings == [1]
    assert len(tab.model.rows) == 6


def test_hostile_names_are_shown_as_they_are(bench):
    sent = SENT.replace("shop", "=1+1<b>x</b>\x1b[2J")
    bench.collect(bench.server, ("MAIL-04", sent))
    tab = bench.open("Senders")
    shown = tab.model.index(0, 3).data()
    assert "\x1b" not in shown
    assert "<b>" in shown
    bench.page.grab()


def test_a_day_and_a_scale_are_said_in_words():
    day = DayCount(
        day=date(2026, 11, 27),
        mails=1,
        usual=None,
        bound=None,
        is_high=True,
        is_partial=False,
        is_before=True,
    )
    assert day_words(day) == (
        "Fri 2026-11-27: 1 mail; too little past to say what is usual; high; of an earlier month."
    )
    assert [nice_top(most) for most in (0, 1, 7, 20, 900, 1001)] == [1, 1, 10, 20, 1000, 2000]


def test_zones_and_names_of_strangers_are_bounded():
    assert zone_or_none("Europe/Berlin") is not None
    assert zone_or_none("+01:00") is not None
    for words in ("", "../../etc/passwd", "+x", "Nowhere/Else"):
        assert zone_or_none(words) is None
    assert named(["a", "b", "a"], "Not measured") == "Not measured: a, b."
    assert named(list("abcdefg"), "No login") == "No login: a, b, c, d and 3 more."


def not_told(server_id, why):
    return NotTold(server_id=server_id, server_name=f"web{server_id}", check_id="X-01", why=why)


def test_where_nothing_was_told_the_commonest_reason_leads_to_its_finding():
    told = [not_told(1, "It is down."), not_told(2, "It is mute."), not_told(3, "It is mute.")]
    empty = nothing_told("None", [*told, told[1]])
    assert empty.sentence.startswith(
        "3 servers could not be read, for 2 reasons, such as: It is mute. Mend that,"
    )
    assert empty.key == (2, "X-01", "")
    assert nothing_told("None", told[:1]).sentence.startswith(
        "1 server could not be read: It is down. Mend"
    )


def test_an_empty_tab_leads_to_the_finding_that_says_why(bench):
    bench.collect(bench.server, ("FW-01", ""))
    tab = bench.open("Senders")
    wanted = []
    tab.finding_wanted.connect(wanted.append)
    (button,) = tab.panel.findChildren(QPushButton)
    button.click()
    assert wanted == [(bench.server.id, "MAIL-04", "")]
