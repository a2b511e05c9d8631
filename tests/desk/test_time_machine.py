"""The time machine: what is shown is of that time, said loudly, and nothing can be ordered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QDateTime

from noc_console.desk.settings.desk_settings import DeskSettings
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.time_machine.past_live import PastLive
from noc_console.desk.time_machine.past_navigator import NOT_IN_THE_PAST
from noc_console.desk.time_machine.past_reader import PastReader
from noc_console.desk.time_machine.time_machine_page import TimeMachinePage
from noc_console.errors import ConsoleError
from noc_console.fleet.records import add_server, edit_server
from noc_console.fleet.server import Server
from noc_console.health.alarm import AlarmEventKind
from noc_console.health.verdict import Verdict
from noc_console.incidents.availability.standing_records import Standing, Turn, write_turns
from noc_console.store import orders
from noc_console.store.history import History
from noc_console.store.journal import Reading
from noc_console.store.schema.alarms import alarm, alarm_event
from noc_console.store.schema.engines import watch_span
from noc_console.store.schema.metadata import to_ms
from noc_console.store.schema.servers import server as server_table
from noc_console.telemetry.service import Inside
from tests.desk.page_bench import PageBench
from tests.desk.qt_life import end, wait_until

NOW = datetime.now(UTC).replace(microsecond=0)
THEN = NOW - timedelta(hours=3)


class Bench(PageBench):
    """A store with three hours of a server: well, then early, then cut-off."""

    def __init__(self, folder):
        super().__init__(folder / "store")
        self.calm = add_server(self.store, Server(name="calm", address="10.0.0.2"), NOW)
        self.live.servers = [self.calm, self.server]
        self.context = replace(self.context, settings=DeskSettings(folder / "config"))
        self.write()

    def write(self):
        history = History(self.store)
        for minute in range(-240, 1):
            at = NOW + timedelta(minutes=minute)
            values = {"load1": float(240 + minute), "cores": 4.0, "uptime_s": 1.0}
            values["mount_used_percent:/home"] = 50.0
            ids = (self.server.id, self.calm.id)
            history.append([Reading(one, to_ms(at), values) for one in ids], at)
        history.seal(NOW)
        with self.store.write() as connection:
            connection.execute(sa.update(server_table).values(added_at=NOW - timedelta(days=9)))
            connection.execute(
                sa.update(watch_span).values(started_at=NOW - timedelta(hours=6), ended_at=NOW)
            )
            start = NOW - timedelta(hours=6)
            write_turns(
                connection,
                [
                    Turn(self.server.id, "", Standing.UP, start),
                    Turn(self.calm.id, "", Standing.UP, start),
                    Turn(self.calm.id, "nginx", Standing.DOWN, start),
                ],
            )
            self.alarm(connection)

    def alarm(self, connection):
        raised_at = NOW - timedelta(hours=2)
        row = {"server_id": self.server.id, "key": "load5", "verdict": "cut-off"}
        row |= {"words": "Load 212", "raised_at": raised_at, "revision": 1, "times": 1}
        row |= {"is_latched": False, "is_muted": False}
        (alarm_id,) = connection.execute(sa.insert(alarm).values(row).returning(alarm.c.id)).one()
        for kind, minutes, verdict, by, words in (
            (AlarmEventKind.RAISED, 120, "early", "", "Load 7"),
            (AlarmEventKind.CLAIMED, 110, "early", "Anna", ""),
            (AlarmEventKind.WORSE, 90, "cut-off", "", "Load 212"),
        ):
            connection.execute(
                sa.insert(alarm_event).values(
                    alarm_id=alarm_id,
                    kind=kind.value,
                    at=NOW - timedelta(minutes=minutes),
                    by=by,
                    words=words,
                    verdict=verdict,
                )
            )


@pytest.fixture
def bench(application, tmp_path):
    made = Bench(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(bench):
    made = TimeMachinePage(bench.context, lambda: NOW)
    made.resize(1200, 700)
    made.show()
    wait_until(lambda: made.live is not None)
    yield made
    end(made)


def read(bench, minutes):
    return PastReader(bench.store).read(NOW - timedelta(minutes=minutes), NOW)


@pytest.mark.parametrize(
    ("minutes", "verdict", "words", "owner"),
    [
        (180, Verdict.OK, (), None),
        (115, Verdict.EARLY, ("Load 7",), None),
        (100, Verdict.EARLY, ("Load 7",), "Anna"),
        (60, Verdict.CUT_OFF, ("Load 212",), "Anna"),
    ],
)
def test_a_server_stands_as_its_alarms_said_at_that_time(bench, minutes, verdict, words, owner):
    moment = read(bench, minutes)

    judgement = moment.states[bench.server.id].judgement
    assert (judgement.verdict, judgement.words) == (verdict, words)
    claims = [one.claimed.by for one in moment.alarms.values() if one.claimed is not None]
    assert claims == ([owner] if owner else [])


def test_figures_are_the_newest_before_with_their_real_age(bench):
    moment = PastReader(bench.store).read(THEN + timedelta(seconds=40), NOW)

    reading = moment.latest[bench.server.id]
    assert reading.values["load1"] == 60.0
    assert to_ms(moment.at) - reading.at_ms == 40_000


def test_services_and_mounts_are_those_that_were_written(bench):
    edit_server(bench.store, replace(bench.calm, expected_services=("nginx", "exim4")), NOW)
    moment = read(bench, 60)

    services = {one.name: one.inside for one in moment.services[bench.calm.id]}
    assert services == {"nginx": Inside.STOPPED, "exim4": Inside.UNKNOWN}
    summaries = moment.summaries()
    assert (summaries.services[bench.calm.id].ok, summaries.services[bench.calm.id].expected) == (
        0,
        1,
    )
    assert summaries.mounts[bench.calm.id].used_percent == pytest.approx(50.0)


def test_what_nobody_watched_is_unknown_and_not_ok(bench):
    moment = read(bench, 9 * 60)

    assert moment.engine is None
    judgement = moment.states[bench.server.id].judgement
    assert judgement.verdict is Verdict.UNKNOWN
    assert judgement.words == ("not watched at that time",)


def test_a_server_that_was_not_in_the_fleet_yet_is_not_shown(bench):
    moment = read(bench, 60 * 24 * 20)

    assert moment.servers == []


def test_a_later_moment_finds_its_own_servers_and_counts_them(bench):
    now = read(bench, 0)
    live = PastLive(replace(now, servers=(), states={}))
    live.show_moment(now)

    assert list(live.by_id) == [one.id for one in now.servers]
    assert sum(live.told.values()) == len(now.servers) > 0


def test_the_band_says_loudly_that_it_is_not_live(page):
    words = page.band.text()

    assert "THE PAST, NOT LIVE" in words
    assert f"{page.at.astimezone():%Y-%m-%d %H:%M:%S}" in words
    assert "nothing can be ordered" in words


def test_the_fleet_page_shows_that_time_unchanged(bench, page):
    page.jump(NOW - timedelta(minutes=60))
    wait_until(lambda: page.at == NOW - timedelta(minutes=60) and page.fleet is not None)
    wait_until(lambda: page.fleet.model.rowCount() == 2)

    columns = page.fleet.columns
    row = columns.row_of[bench.server.id]
    wait_until(lambda: columns.figures["load"][row] == 180.0)
    assert columns.states[row].judgement.verdict is Verdict.CUT_OFF


def test_who_was_how_is_there_before_the_figures(bench):
    moment = PastReader(bench.store).read(NOW - timedelta(minutes=60), NOW, has_figures=False)

    assert moment.states[bench.server.id].judgement.verdict is Verdict.CUT_OFF
    assert moment.latest == {}


def test_a_filter_stays_when_another_moment_is_shown(page):
    page.fleet.filter_bar.show_filter("calm")
    page.jump(NOW - timedelta(minutes=200))
    wait_until(lambda: page.at == NOW - timedelta(minutes=200))

    assert page.fleet.filter_bar.line.text() == "calm"


def test_it_plays_forward_at_the_speed_chosen(bench, page):
    page.jump(NOW - timedelta(minutes=125))
    wait_until(lambda: page.at == NOW - timedelta(minutes=125))
    fleet = page.fleet
    page.controls.speed.setCurrentIndex(page.controls.speed.findData(300))
    page.controls.play_button.setChecked(True)
    state = page.live.states[bench.server.id]

    wait_until(lambda: page.at >= NOW - timedelta(minutes=118), seconds=30)
    page.controls.pause()

    assert state.judgement.verdict is Verdict.OK
    assert page.live.states[bench.server.id].judgement.verdict is Verdict.EARLY
    assert page.fleet is fleet, "pages go on and are not made anew"
    assert page.live.latest[bench.server.id].at_ms <= to_ms(page.at)


def test_it_does_not_play_into_what_is_not_over(bench, page):
    page.jump(NOW + timedelta(hours=1))
    wait_until(lambda: page.at == NOW - timedelta(seconds=10))
    page.controls.play_button.setChecked(True)
    wait_until(lambda: not page.controls.is_playing)

    assert "LIVE shows what goes on" in bench.navigator.said[-1]


def test_a_server_opens_as_it_was_and_closes_to_the_fleet_then(bench, page):
    page.jump(NOW - timedelta(minutes=60))
    wait_until(lambda: page.at == NOW - timedelta(minutes=60))
    page.open_server(bench.server.id)

    header = page.server.view.header.words()
    assert "cut-off" in header
    assert "Load 212" in header
    assert page.stack.currentWidget() is page.server
    page.open_fleet()
    assert page.stack.currentWidget() is page.fleet


def test_nothing_can_be_ordered_or_changed_in_the_past(bench, page):
    page.fleet.deeds.read_now(list(page.live.servers))
    page.fleet.deeds.delete(list(page.live.servers))
    wait_until(lambda: NOT_IN_THE_PAST in page.fleet.notice.words.text())
    page.fleet._context.navigator.edit_server(bench.server.id)

    assert NOT_IN_THE_PAST in bench.navigator.said
    assert orders.claim(bench.store, 1, NOW) is None
    with bench.store.read() as connection:
        deleted = connection.execute(sa.select(server_table.c.deleted_at)).scalars().all()
    assert deleted == [None, None]


def test_a_moment_is_chosen_by_typing_and_leaving_the_field_alone_asks_for_nothing(page):
    page.jump(NOW - timedelta(minutes=30))
    wait_until(lambda: page.at == NOW - timedelta(minutes=30) and not page._is_reading)
    page.controls.chooser.setFocus()
    page.controls.chooser.editingFinished.emit()
    untouched = page._is_reading
    typed = (NOW - timedelta(minutes=77)).replace(second=0)
    page.controls.chooser.setDateTime(QDateTime.fromSecsSinceEpoch(int(typed.timestamp())))
    page.controls.chooser.editingFinished.emit()

    wait_until(lambda: page.at == typed)
    assert not untouched


def test_live_goes_back_to_what_was_looked_at(bench, page):
    opened = []
    bench.navigator.open_page = opened.append
    bench.navigator.open_server = opened.append
    page.leave()
    page.open_server(bench.server.id)
    page.leave()

    assert opened == ["fleet", bench.server.id]


def test_a_store_that_cannot_be_read_is_told_with_a_way_to_try_again(bench, page, monkeypatch):
    def fail(*_, **__):
        raise ConsoleError("The store is away.")

    monkeypatch.setattr(page._reader, "read", fail)
    page.jump(NOW - timedelta(minutes=90))

    wait_until(lambda: page.stack.currentWidget().accessibleName().startswith("The past cannot"))


def test_a_moment_before_the_first_server_says_so_and_the_way_on(bench, page):
    page.jump(NOW - timedelta(days=20))
    wait_until(lambda: page.live is not None and not page.live.servers and bench.pool.is_idle)

    panel = page.stack.currentWidget()
    assert isinstance(panel, StatePanel)
    assert "No server" in panel.title.text()
    page.jump(NOW)
    wait_until(lambda: page.fleet is not None and bench.pool.is_idle)
    assert page.stack.currentWidget() is page.fleet
