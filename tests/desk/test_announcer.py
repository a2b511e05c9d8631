"""An alarm in the store is a note and a sound at the desk within the second; acts come back."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from noc_console.desk.announcing.announcer import Announcer
from noc_console.desk.announcing.sounds import NOT_AGAIN_WITHIN_S, Sounds, sound_file
from noc_console.desk.live import LiveFleet
from noc_console.health.alarm import Acknowledgement
from noc_console.health.alarm_records import get_alarm
from noc_console.health.verdict import Verdict
from tests.desk.qt_life import end, wait_until
from tests.desk.session_bus import NotificationServer, session_bus
from tests.desk.window_bench import WindowBench
from tests.health.alarms import raise_alarm
from tests.health.telling import alarm, change


class Silent:
    """Sounds that are counted, not played."""

    state = "Sounds are counted."

    def __init__(self):
        self.played = []

    def play(self, verdict):
        self.played.append(verdict)
        return True

    def close(self):
        pass


@pytest.fixture
def bench(application, tmp_path):
    bench = WindowBench(application, tmp_path)
    yield bench
    bench.close()


@pytest.fixture
def server(monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        running = NotificationServer(address)
        yield running
        running.end()


@pytest.fixture
def make(bench):
    """Give a way to make the announcer of a window."""
    made = []

    def begin(context=None, now=lambda: bench.clock):
        window = QWidget()
        announcer = Announcer(
            context or bench.context,
            window,
            now,
            sounds=Silent(),
            show_elsewhere=bench.navigator.said.append,
        )
        made.append((announcer, window))
        return announcer

    yield begin
    for announcer, window in made:
        announcer.close()
        end(window)


def tell(bench, *alarms):
    bench.live.alarms = {one.id: one for one in alarms}
    bench.live.alarms_changed.emit(list(alarms))


def down(number=1, **fields):
    return alarm(number, server_id=1, verdict=Verdict.DOWN, words="no answer", **fields)


def test_a_new_alarm_is_a_note_and_a_sound(bench, server, make):
    announcer = make()
    tell(bench, down())
    call = server.next()

    assert (call["summary"], call["body"]) == ("DOWN web1", "no answer")
    assert call["actions"][::2] == ["default", "acknowledge", "open"]
    assert announcer.sounds.played == [Verdict.DOWN]
    tell(bench, down())
    assert announcer.sounds.played == [Verdict.DOWN]


def test_a_note_over_the_window_a_person_works_in_soon_leaves(bench, server, make):
    announcer = make()
    tell(bench, down())
    assert server.next()["expires"] == -1

    window = announcer.parent()
    window.show()
    window.activateWindow()
    wait_until(window.isActiveWindow)
    tell(bench, down(), down(2))

    assert 0 < server.next()["expires"] <= 10_000


def test_what_calls_already_at_the_start_is_told_once_and_together(bench, server, make):
    make()
    tell(bench, *(down(number) for number in range(1, 40)))

    assert server.next()["summary"] == "39 alarms, all down"
    assert server.is_idle


def test_alarms_of_one_moment_share_a_note(bench, server, make):
    make()
    tell(bench, down(1))
    first = server.next()
    bench.clock += timedelta(seconds=2)
    tell(bench, down(1), down(2))
    second = server.next()
    bench.clock += timedelta(minutes=5)
    tell(bench, down(1), down(2), down(3))
    third = server.next()

    assert (second["replaces"], second["summary"]) == (first["number"], "2 alarms, all down")
    assert (third["replaces"], third["summary"]) == (0, "DOWN web1")


def test_a_note_leaves_the_screen_when_somebody_has_taken_its_alarm_up(bench, server, make):
    make()
    tell(bench, down())
    number = server.next()["number"]
    acked = Acknowledgement(by="Ben", at=bench.clock, reason="known")
    tell(bench, replace(down(), acknowledged=acked))

    assert server.next() == {"call": "CloseNotification", "number": number}


def test_acknowledge_on_the_note_is_written_with_name_and_reason(bench, server, make):
    make()
    one = raise_alarm(bench.store, "link", server_id=bench.server.id, verdict=Verdict.DOWN)
    tell(bench, one)
    server.press(server.next()["number"], "acknowledge")

    wait_until(lambda: bench.navigator.said == ["The alarm is acknowledged."])
    noted = get_alarm(bench.store, one.id).acknowledged
    assert (noted.by, noted.reason) == ("ann", "seen on the desktop's note")


def test_open_on_the_note_leads_to_its_alarms(bench, server, make):
    announcer, opened = make(), []
    announcer.wanted.connect(opened.append)
    tell(bench, down(5))
    server.press(server.next()["number"], "default")

    wait_until(lambda: opened == [(5,)])


def test_without_a_bus_the_tray_tells_and_it_is_said(bench, make, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    announcer, states = make(), []
    announcer.state_changed.connect(states.append)
    wait_until(lambda: bool(states))
    tell(bench, down())

    assert states[0].startswith("There is no session bus")
    assert bench.navigator.said == ["DOWN web1: no answer"]
    assert announcer.sounds.played == [Verdict.DOWN]


def test_switched_off_notes_leave_the_sound(bench, server, make):
    bench.settings.put("announce.notes", False)
    announcer = make()
    tell(bench, down())

    assert announcer.sounds.played == [Verdict.DOWN]
    assert server.is_idle


def test_from_the_store_to_the_note_it_takes_less_than_a_second(bench, server, make):
    live = LiveFleet(bench.store, bench.pool)
    live.setParent(bench.settings)
    make(replace(bench.context, live=live), now=lambda: datetime.now(UTC))
    live.start()
    wait_until(lambda: live.is_loaded)
    took_s = []
    for number in range(20):
        one = raise_alarm(bench.store, f"check:{number}", raised_at=datetime.now(UTC))
        began_s = time.monotonic()
        wait_until(lambda: not server.is_idle)
        took_s.append(time.monotonic() - began_s)
        server.next()
        change(bench.store, one, cleared_at=datetime.now(UTC))
        wait_until(lambda: not server.is_idle)
        server.next()
    live.close()

    assert sorted(took_s)[-2] < 1.0, took_s


def player(tmp_path, body='echo "$@" >> played; sleep 60'):
    script = tmp_path / "pw-play"
    script.write_text(f"#!/bin/sh\ncd {tmp_path}\n{body}\n")
    script.chmod(0o755)
    return lambda name: str(script) if name == "pw-play" else None


def test_the_first_player_there_is_plays_and_is_ended(application, tmp_path):
    clock = [0.0]
    sounds = Sounds(player(tmp_path), lambda: clock[0])
    played = tmp_path / "played"
    sounds.play(Verdict.EARLY)
    wait_until(played.exists)
    assert not sounds.play(Verdict.EARLY)
    assert sounds.play(Verdict.DOWN)
    clock[0] += NOT_AGAIN_WITHIN_S
    assert sounds.play(Verdict.EARLY)
    process = sounds._playing
    sounds.close()

    assert process.poll() is not None
    assert "played by pw-play" in sounds.state
    assert str(sound_file(Verdict.EARLY)) in played.read_text()


def test_a_player_that_cannot_play_gives_way_to_the_next(application, tmp_path, monkeypatch):
    for name, body in (("pw-play", "exit 1"), ("aplay", "echo $@ >> " + str(tmp_path / "played"))):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    beeps = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    sounds = Sounds(lambda name: str(found) if (found := tmp_path / name).exists() else None)
    sounds.play(Verdict.DOWN)

    wait_until((tmp_path / "played").exists)
    assert "played by aplay" in sounds.state
    assert beeps == []
    sounds.close()


def test_without_a_player_the_desktop_beeps(application, monkeypatch):
    beeps = []
    monkeypatch.setattr(QApplication, "beep", lambda: beeps.append(1))
    sounds = Sounds(lambda _name: None)
    sounds.play(Verdict.DOWN)

    assert beeps == [1]
    assert "beep" in sounds.state


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_a_sound(verdict):
    assert sound_file(verdict).read_bytes()[:4] == b"RIFF"
