"""The fields of a notice, in the order of the seven things, each with its lamp. GUI thread only."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from noc_console.desk.composer.known_servers import KnownServers
from noc_console.desk.composer.offered_names import OfferedNames, offered_names
from noc_console.desk.composer.routes_edit import RoutesEdit
from noc_console.desk.composer.start_words import clocks_text, unclear_start
from noc_console.desk.composer.window_line import WindowLine
from noc_console.desk.notices.notice_look import DARK, LIT
from noc_console.desk.notices.since_text import UnknownSince, parse_since
from noc_console.desk.widgets.names_edit import NamesEdit
from noc_console.desk.widgets.number_room import with_room
from noc_console.desk.widgets.off_thread import OffThread
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.zone_box import ZoneBox
from noc_console.fleet.server import Server
from noc_console.incidents.wall_time import WallChoice, own_zone, zone_of
from noc_console.notices.notice import MAX_TITLE, Notice, UnscheduledState
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.seven import Lamp
from noc_console.notices.starting import with_start

_LINES = 2
_MAX_MINUTES = 60 * 24 * 31
_TEXTS = {
    "disrupted": ("3", "Di&srupted", "What exactly does not work, and for how long at a time"),
    "not_disrupted": ("", "&Not disrupted", "What goes on as usual"),
    "reasons": ("4", "&Reasons", "Why it is done"),
    "benefit": ("5", "&Benefit", "What customers gain by it"),
    "noticed": ("3", "What customers &notice", "In their words"),
    "cause": ("4", "&Cause", "As far as it is known; empty: it is being looked for"),
    "next_steps": ("5", "What comes ne&xt", "So that it does not happen again"),
    "alternatives": ("7", "Al&ternatives", "What customers can do meanwhile"),
    "no_alternatives_because": ("", "None, beca&use", "Or why there is nothing they can do"),
}
_SCHEDULED = ("disrupted", "not_disrupted", "reasons", "benefit")
_UNSCHEDULED = ("noticed", "cause", "next_steps")
_STATES = [one for one in UnscheduledState if one is not UnscheduledState.RESOLVED]


class LinesEdit(QPlainTextEdit):
    """A few lines of text; Tab leads on."""

    def __init__(self, placeholder: str) -> None:
        """Begin empty."""
        super().__init__()
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setFixedHeight(_LINES * self.fontMetrics().lineSpacing() + 26)

    def sizeHint(self) -> QSize:
        """Ask for no more width than there is."""
        return QSize(220, self.height())


class SevenFields(QWidget):
    """`notice` gives the notice as the fields have it; `changed` says that it may be another."""

    changed = Signal()

    def __init__(
        self,
        is_scheduled: bool,
        servers: Sequence[Server],
        background: OffThread,
        now: Callable[[], datetime],
    ) -> None:
        """Make the fields of a kind of notice; they know the fleet's names."""
        super().__init__()
        self._is_scheduled = is_scheduled
        self._now = now
        self._own_zone = own_zone()
        self._known = KnownServers(servers)
        self._is_showing = False
        self.lamps: dict[int, QLabel] = {}
        self.title = QLineEdit()
        self.title.setMaxLength(MAX_TITLE)
        self.servers = NamesEdit("Servers", "web-01, web-02")
        self.groups = NamesEdit("Groups", "all servers of these groups")
        self.services = NamesEdit("Services", "empty: the whole servers")
        self.customers = NamesEdit("Customers", "empty: all who have a site there")
        self.window_line = WindowLine()
        self.audience = plain_label(name="faint")
        self.start, self.zone = QLineEdit(), ZoneBox(background)
        self.clocks = plain_label(name="faint")
        self.start.setPlaceholderText("Sat 2026-12-05 02:00")
        self.choice = QComboBox()
        self.choice_why = plain_label(name="faint")
        self.minutes = with_room(QSpinBox())
        self.since = QLineEdit()
        self.next_update = with_room(QSpinBox())
        self.state = QComboBox()
        self.routes = RoutesEdit()
        self.brand, self.language = QLineEdit(), QComboBox()
        names = (*(_SCHEDULED if is_scheduled else _UNSCHEDULED), "alternatives")
        names += ("no_alternatives_because",) if is_scheduled else ()
        self.texts = {name: LinesEdit(_TEXTS[name][2]) for name in names}
        self._grid = QGridLayout(self)
        self._fill_choices()
        background.call(lambda: offered_names(servers), self._offer_names, lambda _: None, self)
        self._lay_out()
        self._join()

    def _offer_names(self, names: OfferedNames) -> None:
        for line, offer in (
            (self.servers, names.servers),
            (self.groups, names.groups),
            (self.services, names.services),
            (self.customers, names.customers),
        ):
            line.offer(offer.names, offer.folded)

    def _fill_choices(self) -> None:
        for words, one in (
            ("choose which is meant", WallChoice.NOT_MADE),
            ("the earlier instant", WallChoice.EARLIER),
            ("the later instant", WallChoice.LATER),
        ):
            self.choice.addItem(words, one.value)
        for box in (self.minutes, self.next_update):
            box.setRange(0, _MAX_MINUTES)
            box.setSuffix(" min")
            box.setSpecialValueText("not given yet")
        for state in _STATES:
            self.state.addItem(state.value, state.value)

    def _lay_out(self) -> None:
        grid = self._grid
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(2, 1)
        self._add("", "Tit&le", self.title)
        if self._is_scheduled:
            self._add("", "For window", self.window_line)
        self._add("", "Ser&vers", self.servers)
        self._add("", "&Groups", self.groups)
        self._add("", "Serv&ices", self.services)
        self._add("", "Only cust&omers", self.customers, self.audience)
        if self._is_scheduled:
            self._add("1", "&Date and time", self.start)
            self._add("", "On clocks of", self.zone, self.clocks)
            self._add("", "Clocks c&hange", self.choice, self.choice_why)
            self._add("2", "Lasts &minutes", self.minutes)
        else:
            self._add("1", "Since &when", self.since)
            self._add("", "On clocks of", self.zone)
            self._add("2", "Next &update in", self.next_update)
            self._add("", "&State", self.state)
        for name in _SCHEDULED if self._is_scheduled else _UNSCHEDULED:
            self._add_text(name)
        self._add("6", "Su&pport by", self.routes)
        self._add_text("alternatives")
        if self._is_scheduled:
            self._add_text("no_alternatives_because")
        self._add("", "Brand", self.brand)
        self._add("", "Languag&e", self.language)
        grid.setRowStretch(grid.rowCount(), 1)
        self.setFocusProxy(self.title)

    def _add_text(self, name: str) -> None:
        number, label, _ = _TEXTS[name]
        self._add(number, label, self.texts[name])

    def _add(self, number: str, words: str, field: QWidget, below: QLabel | None = None) -> None:
        row = self._grid.rowCount()
        top = Qt.AlignmentFlag.AlignTop
        if number:
            lamp = QLabel(f"{DARK} {number}")
            self.lamps[int(number)] = lamp
            self._grid.addWidget(lamp, row, 0, top)
        label = QLabel(words)
        label.setBuddy(field)
        field.setAccessibleName(words.replace("&", ""))
        label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._grid.addWidget(label, row, 1, top)
        self._grid.addWidget(field, row, 2)
        if below is not None:
            self._grid.addWidget(below, row + 1, 2)

    def _join(self) -> None:
        lines = (self.title, self.servers, self.groups, self.services, self.customers)
        for line in (*lines, self.start, self.since, self.brand):
            line.textChanged.connect(lambda _: self._tell())
        for text in (*self.texts.values(), self.routes):
            text.textChanged.connect(self._tell)
        for box in (self.minutes, self.next_update):
            box.valueChanged.connect(lambda _: self._tell())
        for chooser in (self.choice, self.state):
            chooser.currentIndexChanged.connect(lambda _: self._tell())
        self.zone.zone_changed.connect(lambda _: self._tell())

    def show_languages(self, codes: Sequence[str], chosen: str) -> None:
        """Offer languages to write in."""
        self._is_showing = True
        self.language.clear()
        for code in dict.fromkeys((chosen, *codes)):
            self.language.addItem(code)
        self.language.setCurrentText(chosen)
        self._is_showing = False

    def show_notice(self, notice: Notice) -> None:
        """Put a notice into the fields; tells nothing. What is the same stays, cursor and all."""
        self._is_showing = True
        _put(self.title, notice.title)
        names = self._known.names_of(notice.servers)
        _put_names(self.servers, [names[one] for one in notice.servers if one in names])
        _put_names(self.groups, notice.groups)
        _put_names(self.services, notice.services)
        _put_names(self.customers, notice.customers)
        _put(self.start, notice.typed_start)
        self.zone.choose(notice.zone)
        self.choice.setCurrentIndex(self.choice.findData(notice.wall_choice.value))
        self.minutes.setValue(notice.minutes)
        self.next_update.setValue(notice.next_update_minutes)
        self.state.setCurrentIndex(max(0, self.state.findData(notice.state.value)))
        if notice.since is not None:
            local = notice.since.astimezone(zone_of(notice.zone))
            _put(self.since, f"{local:%Y-%m-%d %H:%M}")
        _put(self.brand, notice.brand)
        self.language.setCurrentText(notice.language)
        for name, field in self.texts.items():
            if field.toPlainText() != getattr(notice, name):
                field.setPlainText(getattr(notice, name))
        if self.routes.routes != notice.routes:
            self.routes.show_routes(notice.routes)
        self._is_showing = False
        self.show_clocks(notice)

    def notice(self, before: Notice) -> Notice:
        """Give a notice with what the fields have; what has no field stays as it was.

        Raises:
            InvalidNotice: it is more than any draft can hold.
        """
        told: dict[str, Any] = {name: field.toPlainText() for name, field in self.texts.items()}
        there, named = self._known.names_of(before.servers), self.servers.names
        known = self._known.ids_of(named)
        gone = tuple(one for one in before.servers if one not in there)
        ids = tuple(known[name] for name in named if name in known)
        told |= {
            "title": self.title.text(),
            "servers": (*gone, *ids),
            "groups": self.groups.names,
            "services": self.services.names,
            "customers": self.customers.names,
            "zone": self.zone.zone,
            "routes": self.routes.routes,
            "brand": self.brand.text().strip(),
        }
        if self._is_scheduled:
            told["typed_start"] = self.start.text()
            told["wall_choice"] = WallChoice(self.choice.currentData())
            told["minutes"] = self.minutes.value()
            return with_start(replace(before, **told), self._now())
        told["since"] = self._read_since(before)
        told["next_update_minutes"] = self.next_update.value()
        if before.state is not UnscheduledState.RESOLVED:
            told["state"] = UnscheduledState(self.state.currentData())
        return replace(before, **told)

    def show_clocks(self, notice: Notice, others: Sequence[str] = ()) -> None:
        """Show the start on other clocks, and ask which is meant where they change over it."""
        self.clocks.setText(clocks_text(notice, self._own_zone, others))
        self.clocks.setVisible(bool(self.clocks.text()))
        unclear = unclear_start(notice, self._now()) if self._is_scheduled else None
        for part in (self.choice, self.choice_why):
            part.setVisible(unclear is not None)
        label = self._label_of(self.choice)
        if label is not None:
            label.setVisible(unclear is not None)
        self.choice_why.setText(unclear.sentence if unclear is not None else "")

    def show_standing(self, stored: StoredNotice) -> None:
        """Take no typing for what is over; what customers were told moves on by an update."""
        is_told = stored.live_version is not None
        self.state.setEnabled(not is_told)
        self.state.setToolTip("An update (Ctrl+U) moves it on." if is_told else "")
        if stored.state.is_over:
            self.setEnabled(False)

    def show_lamps(self, lamps: Sequence[Lamp], dark_style: str) -> None:
        """Light the lamps, by shape and colour; the words are their tips."""
        for lamp in lamps:
            label = self.lamps[lamp.number]
            label.setText(f"{LIT if lamp.is_lit else DARK} {lamp.number}")
            label.setStyleSheet("" if lamp.is_lit else dark_style)
            told = "told" if lamp.is_lit else f"missing. {lamp.words}"
            label.setAccessibleName(f"{lamp.number} {lamp.title}: {told}")

    def unknown_names(self) -> list[str]:
        """Give the names that were typed as servers and are none."""
        named = self.servers.names
        known = self._known.ids_of(named)
        return [name for name in named if name not in known]

    def go_to(self, name: str) -> None:
        """Put the cursor into a field."""
        field = self.field(name)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def field(self, name: str) -> QWidget:
        """Give the field of a notice's attribute; the title where it has none here."""
        own: dict[str, QWidget] = {
            "servers": self.servers,
            "services": self.services,
            "window_id": self.window_line.choose,
            "customers": self.customers,
            "typed_start": self.start if self._is_scheduled else self.since,
            "minutes": self.minutes,
            "since": self.since,
            "next_update_minutes": self.next_update,
            "routes": self.routes,
            **self.texts,
        }
        return own.get(name, self.title)

    def _read_since(self, before: Notice) -> datetime | None:
        try:
            zone = zone_of(self.zone.zone)
            told = parse_since(self.since.text(), self._now(), zone)
        except UnknownSince:
            return None
        kept = before.since
        if kept is not None and told is not None and told == kept.replace(second=0, microsecond=0):
            return kept
        return told

    def _label_of(self, field: QWidget) -> QLabel | None:
        labels = (one for one in self.findChildren(QLabel) if one.buddy() is field)
        return next(labels, None)

    def _tell(self) -> None:
        if not self._is_showing:
            self.changed.emit()


def _put(line: QLineEdit, text: str) -> None:
    if line.text() != text:
        line.setText(text)


def _put_names(line: NamesEdit, names: Sequence[str]) -> None:
    if line.names != tuple(names):
        line.show_names(names)
