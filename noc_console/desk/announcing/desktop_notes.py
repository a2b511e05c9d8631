"""Notes of the desktop by its Notifications service (freedesktop.org specification 1.2).

A thread of its own talks to the bus, so a desktop that hangs holds up nobody. Where there is no
such service it is said in `state`, and nothing else happens.
"""

import contextlib
import html
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from noc_console.desk.announcing.session_bus import BusRefused, BusUnavailable, SessionBus
from noc_console.fleet.inert import inert

_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
_NORMAL, _CRITICAL = 1, 2
AS_THE_DESKTOP_DOES = -1
NOT_TRIED = "No note was shown yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note: `tag` names it to us, `actions` are key -> words of its buttons."""

    tag: int
    title: str
    words: str
    is_urgent: bool
    actions: tuple[tuple[str, str], ...] = ()
    leaves_after_ms: int = AS_THE_DESKTOP_DOES


@dataclass(slots=True)
class _Desktop:
    """What shows notes here."""

    name: str
    abilities: frozenset[str]


class DesktopNotes:
    """Shows, replaces and takes back notes. Every method returns at once."""

    def __init__(
        self,
        on_action: Callable[[int, str], None],
        on_state: Callable[[str], None],
    ) -> None:
        """Prepare. Both are called on our thread: a note's tag and action; a sentence."""
        self._on_action, self._on_state = on_action, on_state
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._bus: SessionBus | None = None
        self._desktop: _Desktop | None = None
        self._ids: dict[int, int] = {}
        """Our tag -> the desktop's number of the note."""
        self.state = NOT_TRIED
        self._thread = threading.Thread(target=self._work, name="desktop-notes", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """See now whether notes can be shown here."""
        self._queue.put(lambda: self._try(lambda: None))

    def show(self, note: Note) -> None:
        """Show a note, in the place of one with the same tag."""
        self._queue.put(lambda: self._try(lambda: self._show(note)))

    def take_back(self, tag: int) -> None:
        """Take a note off the screen: it is of no use any more."""
        self._queue.put(lambda: self._take_back(tag))

    def close(self) -> None:
        """Show nothing more."""
        self._queue.put(None)
        self._thread.join(2)

    def _work(self) -> None:
        while (do := self._queue.get()) is not None:
            do()
        if self._bus is not None:
            self._bus.close()

    def _try(self, do: Callable[[], None]) -> None:
        try:
            self._connect()
            do()
        except BusRefused as error:  # the bus is there; who showed notes is not
            self._desktop = None
            self._say_unable(error)
        except BusUnavailable as error:
            self._forget_bus()
            self._say_unable(error)

    def _connect(self) -> None:
        if self._bus is None:
            self._bus = SessionBus(
                _PATH, _NAME, self._take_signal, lambda: self._queue.put(self._forget_bus)
            )
        if self._desktop is None:
            self._ids.clear()
            name, _vendor, version, _spec = self._call("GetServerInformation")
            (abilities,) = self._call("GetCapabilities")
            self._desktop = _Desktop(name=str(name), abilities=frozenset(abilities))
            self._say(f"Notes are shown by {inert(f'{name} {version}', 60)}.")

    def _say_unable(self, error: BusUnavailable) -> None:
        self._say(f"{error.sentence} Sounds, the tray and the window tell of alarms.")

    def _forget_bus(self) -> None:
        bus, self._bus, self._desktop = self._bus, None, None
        self._ids.clear()
        if bus is not None:
            bus.close()

    def _show(self, note: Note) -> None:
        abilities = self._desktop.abilities if self._desktop is not None else frozenset()
        actions: list[str] = []
        if "actions" in abilities:
            actions = [part for action in note.actions for part in action]
        words = html.escape(note.words, quote=False) if "body-markup" in abilities else note.words
        hints: dict[str, tuple[str, Any]] = {
            "urgency": ("y", _CRITICAL if note.is_urgent else _NORMAL),
            "desktop-entry": ("s", "noc-console"),
            "suppress-sound": ("b", True),
        }
        (number,) = self._call(
            "Notify",
            "susssasa{sv}i",
            "noc-console",
            self._ids.get(note.tag, 0),
            "noc-console",
            note.title,
            words,
            actions,
            hints,
            note.leaves_after_ms,
        )
        self._ids[note.tag] = int(number)

    def _take_back(self, tag: int) -> None:
        number = self._ids.pop(tag, None)
        if number is not None and self._bus is not None:
            self._try(lambda: self._close_note(number))

    def _close_note(self, number: int) -> None:
        with contextlib.suppress(BusRefused):  # a person closed it already
            self._call("CloseNotification", "u", number)

    def _call(self, method: str, signature: str | None = None, *values: object) -> tuple[Any, ...]:
        from jeepney import DBusAddress

        if self._bus is None:
            raise BusUnavailable("The session bus (D-Bus) is gone.")
        address = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        return self._bus.call(address, method, signature, *values)

    def _take_signal(self, name: str, values: tuple[Any, ...]) -> None:
        """Runs on the bus's thread."""
        self._queue.put(lambda: self._tell_signal(name, values))

    def _tell_signal(self, name: str, values: tuple[Any, ...]) -> None:
        tag = next((tag for tag, number in self._ids.items() if number == values[0]), None)
        if tag is None:
            return
        if name == "ActionInvoked":
            self._on_action(tag, str(values[1]))
        elif name == "NotificationClosed":
            self._ids.pop(tag, None)

    def _say(self, sentence: str) -> None:
        if sentence != self.state:
            self.state = sentence
            self._on_state(sentence)
