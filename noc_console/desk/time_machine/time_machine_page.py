"""The time machine: the fleet page and server pages, unchanged, of a moment that is over.

GUI thread only; moments are read in the background. A band says the time shown and that it is not
live; the store that these pages have cannot be written, so nothing can be ordered from here.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet.fleet_page import FleetPage
from noc_console.desk.server.graph_plans import Range
from noc_console.desk.server.server_page import ServerPage
from noc_console.desk.server.server_view import ink_on
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.time_machine.controls import Controls
from noc_console.desk.time_machine.moment import Moment
from noc_console.desk.time_machine.past_live import PastLive, PastReadings
from noc_console.desk.time_machine.past_navigator import NOT_IN_THE_PAST, PastNavigator
from noc_console.desk.time_machine.past_reader import PastReader
from noc_console.errors import ConsoleError
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import age_text
from noc_console.store.read_only import ReadOnlyStore

STEP_MS = 500
FIRST_BACK = timedelta(hours=1)
_NEWEST_BEFORE = timedelta(seconds=10)
"""What is younger may not be written yet; then it is time to look live."""

_NO_SERVER = (
    "No server was in the fleet then",
    "Choose a later moment; Live leads back to now.",
)


class TimeMachinePage(QWidget):
    """Shows one moment after the other."""

    def __init__(
        self, context: DeskContext, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """Begin an hour ago; it is read when the page is first shown."""
        super().__init__()
        self.setAccessibleName("Time machine")
        self._context = context
        self._now = now
        self._reader = PastReader(context.store)
        self._store = ReadOnlyStore(context.store, NOT_IN_THE_PAST)
        self._asked = 0
        self._is_reading = False
        self._server_id: int | None = None
        self._past = context
        self.at = (now() - FIRST_BACK).replace(second=0, microsecond=0)
        self.live: PastLive | None = None
        self.fleet: FleetPage | None = None
        self.server: ServerPage | None = None
        self.band = QLabel()
        self.controls = Controls(now)
        self.stack = QStackedWidget()
        self._play = QTimer(self)
        self._play.setInterval(STEP_MS)
        self._lay_out()
        self._join()

    def _lay_out(self) -> None:
        self.band.setTextFormat(Qt.TextFormat.PlainText)
        self.band.setWordWrap(True)
        self.stack.addWidget(StatePanel("Reading …", "The moment is being put together.", {}))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.band)
        box.addWidget(self.controls)
        box.addWidget(self.stack, 1)
        self.setFocusProxy(self.controls)
        self._say()

    def _join(self) -> None:
        self.controls.join(self)
        self.controls.moment_wanted.connect(self.jump)
        self.controls.play_wanted.connect(self._set_playing)
        self.controls.live_wanted.connect(self.leave)
        self.controls.fleet_wanted.connect(self.open_fleet)
        self._play.timeout.connect(self._play_on)
        self._context.themes.changed.connect(lambda _: self._say())

    def showEvent(self, event: QShowEvent) -> None:
        """Read the moment when the page is first shown."""
        super().showEvent(event)
        self._say()
        if self.live is None and not self._is_reading:
            self.jump(self.at)

    def hideEvent(self, event: QHideEvent) -> None:
        """Play no further while nobody looks."""
        super().hideEvent(event)
        self.controls.pause()

    def jump(self, at: datetime) -> None:
        """Show a moment; what is not over yet is not shown."""
        at = min(at, self._now() - _NEWEST_BEFORE)
        self._asked += 1
        number = self._asked
        self._is_reading = True
        self.controls.show_moment(at)
        self._say(f"Reading {_clock(at)} …")
        reader, now = self._reader, self._now()
        self._context.background.call(
            lambda: reader.read(at, now, has_figures=False),
            lambda moment: self._take(moment, number),
            lambda failure: self._fail(failure, number),
            self,
        )

    def leave(self) -> None:
        """Go back to the live page of what was looked at."""
        self.controls.pause()
        navigator = self._context.navigator
        if self._server_id is not None:
            navigator.open_server(self._server_id)
        else:
            navigator.open_page("fleet")

    def open_server(self, server_id: int) -> None:
        """Show a server as it was."""
        self._server_id = server_id
        self._show_server()

    def open_fleet(self) -> None:
        """Show the whole fleet as it was."""
        self._server_id = None
        self._drop_server()
        if self.fleet is not None:
            self.stack.setCurrentWidget(self.fleet)
            self.fleet.setFocus()
        self.controls.show_way_back(is_on_server=False)

    def _set_playing(self, plays: bool) -> None:
        if plays:
            self._play.start()
        else:
            self._play.stop()
        self._say()

    def _play_on(self) -> None:
        """Ask for the next moment; one at a time, so that a slow store plays slower."""
        if self._is_reading or self.live is None:
            return
        before = self.at
        at = before + self.controls.chosen_speed * timedelta(milliseconds=STEP_MS)
        if at > self._now() - _NEWEST_BEFORE:
            self.controls.pause()
            self._context.navigator.say("This is as far as it is over; LIVE shows what goes on.")
            return
        self._asked += 1
        number = self._asked
        self._is_reading = True
        reader, now = self._reader, self._now()
        self._context.background.call(
            lambda: reader.play_on(before, at, now),
            lambda moment: self._take_step(moment, number),
            lambda failure: self._fail(failure, number),
            self,
        )

    def _take_step(self, moment: Moment, number: int) -> None:
        if number != self._asked or self.live is None:
            return
        self._is_reading = False
        self.at = moment.at
        self.live.tell_trouble("")
        self.live.show_moment(moment)
        self.controls.show_moment(self.at)
        self._say()

    def _read_figures(self, number: int) -> None:
        """Read what takes longer: the figures of every server."""
        reader, at, now = self._reader, self.at, self._now()
        self._context.background.call(
            lambda: reader.read(at, now),
            lambda moment: self._take_step(
                replace(moment, samples=tuple(moment.latest.values())), number
            ),
            lambda failure: self._fail(failure, number),
            self,
        )

    def _take(self, moment: Moment, number: int) -> None:
        """Show another moment with pages of its own: curves and ages begin anew.

        Who was how comes first; the figures follow.
        """
        if number != self._asked:
            return
        self.at = moment.at
        kept = self.fleet.filter_bar.line.text() if self.fleet is not None else ""
        self._drop_pages()
        live = PastLive(moment)
        self.live = live
        self._past = replace(
            self._context,
            store=self._store,
            live=live,
            navigator=PastNavigator(self._context.navigator, self.open_server, self.open_fleet),
            past_readings=PastReadings(self._reader, lambda: live.moment, self._now),
            announcing=None,
        )
        page = self._fleet_of(kept) if live.servers else StatePanel(*_NO_SERVER, {})
        self.stack.addWidget(page)
        self.stack.setCurrentWidget(page)
        if self._server_id is not None:
            self._show_server()
        self.controls.show_moment(self.at)
        self._say()
        self._read_figures(number)

    @property
    def is_settled(self) -> bool:
        """Whether every server of the moment is listed."""
        return self.fleet is None or self.fleet.is_settled

    def _fleet_of(self, kept_filter: str) -> FleetPage:
        self.fleet = FleetPage(self._past, self._clock)
        self.fleet.first_steps.setMaximumHeight(0)
        self.fleet.add_button.setEnabled(False)
        if kept_filter:
            self.fleet.filter_bar.show_filter(kept_filter)
        return self.fleet

    def _fail(self, failure: ConsoleError, number: int) -> None:
        if number != self._asked:
            return
        self._is_reading = False
        self.controls.pause()
        at = self.at
        panel = StatePanel(
            "The past cannot be read", failure.sentence, {"&Try again": lambda: self.jump(at)}
        )
        self._drop_pages()
        self.stack.addWidget(panel)
        self.stack.setCurrentWidget(panel)
        self._say()

    def _show_server(self) -> None:
        self._drop_server()
        if self.live is None or self._server_id is None:
            return
        if self._server_id not in self.live.by_id:
            self._context.navigator.say("This server was not in the fleet at that time.")
            self.open_fleet()
            return
        self.server = ServerPage(self._past, self._server_id, self._clock)
        self.server.view.graphs.bar.choose(Range.HOUR)
        for part in (self.server.view.header, self.server.alarms):
            for button in part.findChildren(QPushButton):
                button.setEnabled(False)
                button.setToolTip(NOT_IN_THE_PAST)
        self.stack.addWidget(self.server)
        self.stack.setCurrentWidget(self.server)
        self.server.setFocus()
        self.controls.show_way_back(is_on_server=True)

    def _drop_server(self) -> None:
        if self.server is not None:
            self.stack.removeWidget(self.server)
            self.server.deleteLater()
            self.server = None

    def _drop_pages(self) -> None:
        self._drop_server()
        while (page := self.stack.currentWidget()) is not None:
            self.stack.removeWidget(page)
            page.deleteLater()
        self.fleet = None

    def _clock(self) -> datetime:
        """Give the time that the pages have: that of the moment shown."""
        return self.at

    def _say(self, instead: str = "") -> None:
        """Say loudly which moment is seen, and what it is put together from."""
        colour = self._context.theme().look.colours[Verdict.STALE]
        self.band.setStyleSheet(
            f"background: {colour.name()}; color: {ink_on(colour).name()};"
            " font-size: 16px; font-weight: 700; padding: 7px 12px;"
        )
        words = instead or band_words(self.at, self._now(), self.live, self.controls.is_playing)
        self.band.setText(f"▽  {words}")
        self.band.setAccessibleName(words)


def band_words(at: datetime, now: datetime, live: PastLive | None, is_playing: bool) -> str:
    """Give what the band says of a moment."""
    ago = age_text(now - at)
    parts = [f"THE PAST, NOT LIVE: {_clock(at)}, {ago} ago"]
    if live is not None and live.engine is None:
        parts.append("nobody watched then: states are not known")
    if live is not None and live.moment.step_s:
        parts.append(f"figures are averages of {live.moment.step_s // 60} min")
    parts.append("playing" if is_playing else "nothing can be ordered here")
    return "  ·  ".join(parts)


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %Z}"
