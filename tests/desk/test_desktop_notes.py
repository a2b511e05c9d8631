"""Notes are shown, replaced, acted on and taken back over a real bus; without one it is said."""

import subprocess
import threading
from pathlib import Path

import pytest
from jeepney import DBusAddress

from noc_console.desk.announcing import session_bus as bus_of_the_desk
from noc_console.desk.announcing.desktop_notes import DesktopNotes, Note
from noc_console.desk.announcing.session_bus import BusUnavailable, SessionBus
from tests.desk.session_bus import NotificationServer, dunst, session_bus, wait_for


@pytest.fixture
def bus(monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def server(bus):
    running = NotificationServer(bus)
    yield running
    running.end()


class Heard:
    def __init__(self):
        self.actions: list[tuple[int, str]] = []
        self.states: list[str] = []
        self.notes = DesktopNotes(
            lambda tag, key: self.actions.append((tag, key)), self.states.append
        )


@pytest.fixture
def heard():
    listening = Heard()
    yield listening
    listening.notes.close()


def note(tag=1, words="gone", *, is_urgent=True, actions=()):
    return Note(tag=tag, title="DOWN web1", words=words, is_urgent=is_urgent, actions=actions)


def test_a_note_has_urgency_buttons_and_text_that_no_stranger_can_format(server, heard):
    heard.notes.show(note(words="<b>a</b> & b", actions=(("acknowledge", "Acknowledge"),)))
    call = server.next()

    assert (call["summary"], call["body"]) == ("DOWN web1", "&lt;b&gt;a&lt;/b&gt; &amp; b")
    assert call["actions"] == ["acknowledge", "Acknowledge"]
    assert call["hints"]["urgency"] == 2
    assert call["hints"]["suppress-sound"] is True
    heard.notes.show(note(2, is_urgent=False))
    assert server.next()["hints"]["urgency"] == 1
    assert heard.states == ["Notes are shown by test-notes 1.0."]


def test_a_note_with_the_same_tag_takes_the_place_of_the_older(server, heard):
    heard.notes.show(note())
    heard.notes.show(note(words="two"))

    first, second = server.next(), server.next()
    assert (second["replaces"], second["number"]) == (first["number"], first["number"])


def test_a_pressed_button_is_told_with_the_notes_tag(server, heard):
    heard.notes.show(note(7, actions=(("open", "Open"),)))
    server.press(server.next()["number"], "open")

    wait_for(lambda: heard.actions)
    assert heard.actions == [(7, "open")]


def test_a_note_is_taken_back_and_one_a_person_closed_is_left_alone(server, heard):
    heard.notes.show(note(1))
    number = server.next()["number"]
    heard.notes.take_back(1)
    assert server.next() == {"call": "CloseNotification", "number": number}

    heard.notes.show(note(2))
    closed = server.next()["number"]
    server.close_note(closed)
    heard.notes.show(note(2))
    assert server.next()["replaces"] in {0, closed}


def test_without_a_bus_it_is_said_and_nothing_else_happens(heard, monkeypatch):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    heard.notes.show(note())

    wait_for(lambda: heard.states)
    assert heard.states[0].startswith("There is no session bus (D-Bus)")


def test_without_a_notification_server_it_is_said(bus, heard):
    heard.notes.look()

    wait_for(lambda: heard.states)
    assert heard.states[0].startswith("No program of this desktop shows notifications.")


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_desktop_without_notes_costs_no_file_each_time(bus, heard):
    heard.notes.look()
    wait_for(lambda: heard.states)
    before = open_files()
    for tag in range(20):
        heard.notes.show(note(tag))
    heard.notes.close()

    assert open_files() <= before


def test_a_bus_that_went_leaves_no_file_open(monkeypatch):
    before = open_files()
    for _ in range(3):
        with session_bus() as address:
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
            once = Heard()
            once.notes.look()
            wait_for(lambda once=once: once.states)
            once.notes.close()

    assert open_files() <= before


def test_a_server_that_comes_back_is_found_again(bus, heard):
    first = NotificationServer(bus)
    heard.notes.show(note())
    first.next()
    wait_for(lambda: heard.states)  # the answer came before the server ends
    first.end()
    heard.notes.show(note(2))
    wait_for(lambda: len(heard.states) == 2)
    again = NotificationServer(bus)
    heard.notes.show(note(3))

    assert again.next()["call"] == "Notify"
    wait_for(lambda: len(heard.states) == 3)
    again.end()


def test_a_bus_that_ends_ends_nothing_else(heard, monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        running = NotificationServer(address)
        heard.notes.show(note())
        running.next()
        wait_for(lambda: heard.states)
    running.end()
    heard.notes.show(note(2))

    wait_for(lambda: "no session bus" in heard.states[-1])
    assert len(heard.states) <= 3  # three where the bus ended before it gave the answer on


def test_a_call_that_the_end_of_the_bus_cuts_off_does_not_wait(monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setattr(bus_of_the_desk, "CALL_WITHIN_S", 300)
        running = NotificationServer(address)
        running.pause()
        asked = DBusAddress("/", bus_name="org.freedesktop.Notifications", interface="org.x")
        told = []
        bus = SessionBus("/", "org.x", lambda *_: None, lambda: None)

        def call() -> None:
            with pytest.raises(BusUnavailable, match="does not answer"):
                bus.call(asked, "GetCapabilities")
            told.append("cut off")

        calling = threading.Thread(target=call, daemon=True)
        calling.start()
        wait_for(lambda: bus._waiting)
    wait_for(lambda: told)
    bus.close()
    running.end()


def test_a_real_dunst_shows_notes(bus, heard, tmp_path: Path):
    with dunst(bus, tmp_path):

        def is_shown() -> bool:
            heard.notes.show(note(words="shown"))
            return any("dunst" in one for one in heard.states)

        wait_for(is_shown)
        told = subprocess.run(
            ["dunstctl", "count", "displayed"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        assert int(told.stdout) >= 1
