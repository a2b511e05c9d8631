"""What is asked before customers are told something: the first word, an update, the end, why."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QSpinBox, QWidget

from noc_console.desk.incidents.incident_dialogs import ServersLine
from noc_console.desk.incidents.promise_box import PromiseBox
from noc_console.desk.notices.since_text import parse_since
from noc_console.desk.widgets.form_dialog import FormDialog, TextBox
from noc_console.desk.widgets.number_room import with_room
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.times import clock_text, span_text
from noc_console.incidents.wall_time import WallChoice, wall_of, zone_of
from noc_console.notices.acts import URGENT_WITHIN, Update
from noc_console.notices.first_word import FirstWord
from noc_console.notices.notice import MAX_TEXT, Notice, UnscheduledState
from noc_console.notices.notice_records import StoredNotice

_USUAL_MINUTES = 30
_SOON = "Ctrl+Return sends it from any field."


class FirstWordDialog(FormDialog):
    """Asks the three things that only a person knows; Enter sends."""

    def __init__(
        self,
        about: str,
        since: datetime | None,
        minutes: int,
        now: datetime,
        *,
        servers: Sequence[Server] = (),
        parent: QWidget | None = None,
    ) -> None:
        """Ask; with `servers` also which of them, where nothing says it yet."""
        super().__init__("Tell customers", about, "&Send", parent)
        self._now = now
        self.noticed = QLineEdit()
        self.noticed.setMaxLength(MAX_TEXT)
        self.noticed.setPlaceholderText("Web sites do not answer.")
        self.since = QLineEdit()
        self.since.setPlaceholderText(
            clock_text(since, now) if since is not None else "now, 12 min, 02:14"
        )
        self.promise = PromiseBox(timedelta(minutes=minutes or _USUAL_MINUTES), may_be_none=False)
        self.servers = ServersLine(servers) if servers else None
        self.add_field("What &customers notice", self.noticed)
        hint = "Empty: now." if since is None else "Empty: the time shown."
        self.add_field("Since &when", self.since, hint)
        self.add_field("&Next update", self.promise, "A promise: the console counts it down.")
        if self.servers is not None:
            self.add_field("Ser&vers", self.servers)

    def told(self, now: datetime) -> FirstWord:
        """Give what was typed.

        Raises:
            ConsoleError: it cannot be read; the sentence says what to write.
        """
        span = self.promise.span() or timedelta(minutes=_USUAL_MINUTES)
        return FirstWord(
            noticed=self.noticed.text(),
            since=parse_since(self.since.text(), now),
            next_update_minutes=round(span / timedelta(minutes=1)),
            servers=self._server_names(),
        )

    def _server_names(self) -> tuple[str, ...]:
        if self.servers is None:
            return ()
        self.servers.ids()  # a name that is no server's is refused here
        return tuple(one.strip() for one in self.servers.text().split(",") if one.strip())


class UpdateDialog(FormDialog):
    """Asks what is new, and when customers hear again."""

    def __init__(self, stored: StoredNotice, now: datetime, parent: QWidget | None = None) -> None:
        """Ask; the promise stands above."""
        notice = stored.notice
        about = inert(notice.title)
        if stored.next_update_at is not None:
            about += f"\nPromised for {clock_text(stored.next_update_at, now)}."
        super().__init__("Tell an update", about, "&Send", parent)
        self._is_scheduled = notice.is_scheduled
        self.words = TextBox("", "What is new, as customers read it")
        self.add_field("&What is new", self.words, _SOON)
        self.state, self.cause = _state_box(notice), QLineEdit(notice.cause)
        if not self._is_scheduled:
            self.add_field("&State", self.state)
            self.add_field("&Cause", self.cause, "As far as it is known; empty: it is looked for.")
        usual = timedelta(minutes=notice.next_update_minutes or _USUAL_MINUTES)
        self.promise = PromiseBox(usual, may_be_none=True)
        self.add_field("&Next update", self.promise)
        _send_soon(self)

    def told(self) -> Update:
        """Give what was typed."""
        span = self.promise.span()
        minutes = 0 if span is None else round(span / timedelta(minutes=1))
        if self._is_scheduled:
            return Update(words=self.words.toPlainText(), next_update_minutes=minutes)
        return Update(
            words=self.words.toPlainText(),
            state=UnscheduledState(self.state.currentData()),
            cause=self.cause.text(),
            next_update_minutes=minutes,
        )


class DoneDialog(FormDialog):
    """Asks how it ended; of downtime the cause and what comes next, without which it cannot go."""

    def __init__(self, stored: StoredNotice, now: datetime, parent: QWidget | None = None) -> None:
        """Ask."""
        notice = stored.notice
        title = "The work is done" if notice.is_scheduled else "Give the all-clear"
        super().__init__(title, inert(notice.title), "&Send", parent)
        self.is_scheduled = notice.is_scheduled
        self.cause = TextBox(notice.cause, "Why it happened, as customers understand it")
        self.next_steps = TextBox(notice.next_steps, "What we do so that it does not come again")
        self.ended = QLineEdit()
        self.ended.setPlaceholderText("now, 12 min, 02:14")
        self.words = TextBox("", "Anything else customers should read")
        if not self.is_scheduled:
            self.add_field("&Cause", self.cause, _SOON)
            self.add_field("&What comes next", self.next_steps)
        self.add_field("It was &over", self.ended, f"Empty: now, {clock_text(now, now)}.")
        self.lasted = QLabel()
        self.lasted.setTextFormat(Qt.TextFormat.PlainText)
        if not self.is_scheduled:
            self.add_field("It lasted", self.lasted)
            self.ended.textChanged.connect(lambda _: self._show_lasted())
            self._since, self._now = notice.since, now
            self._show_lasted()
        self.add_field("&Besides", self.words)
        _send_soon(self)

    def _show_lasted(self) -> None:
        """Say how long it lasted, as customers will read it."""
        try:
            ended = self.ended_at(self._now) or self._now
        except ConsoleError:
            self.lasted.setText("–")
            return
        if self._since is None:
            self.lasted.setText("since when is not known; write it in the composer")
        elif ended < self._since:
            self.lasted.setText("■  that is before it began; correct it")
        else:
            self.lasted.setText(span_text(ended - self._since))

    def ended_at(self, now: datetime) -> datetime | None:
        """Give when it was over; None for now.

        Raises:
            ConsoleError: it cannot be read.
        """
        return parse_since(self.ended.text(), now)


class ReasonDialog(FormDialog):
    """Asks why; customers read it."""

    def __init__(self, title: str, about: str, deed: str, parent: QWidget | None = None) -> None:
        """Ask."""
        super().__init__(title, about, deed, parent)
        self.why = QLineEdit()
        self.why.setMaxLength(MAX_TEXT)
        self.why.setPlaceholderText("Customers read this")
        self.add_field("&Why", self.why)


class ExtendDialog(ReasonDialog):
    """Asks by how much work lasts longer, and why."""

    def __init__(self, notice: Notice, parent: QWidget | None = None) -> None:
        """Ask."""
        about = f"{inert(notice.title)}\nWhoever was told the old end is told the new one."
        super().__init__("Extend the work", about, "&Tell them", parent)
        self.minutes = with_room(QSpinBox())
        self.minutes.setRange(1, 7 * 24 * 60)
        self.minutes.setSuffix(" min")
        self.minutes.setValue(30)
        self.add_field("&Longer by", self.minutes)


class PostponeDialog(ReasonDialog):
    """Asks for a new start, and why; a doubled or missing wall time asks which is meant."""

    def __init__(
        self, notice: Notice, told_start: datetime | None, now: datetime, parent: QWidget
    ) -> None:
        """Ask; the old start stands in the field, `told_start` is the one in force."""
        about = f"{inert(notice.title)}\nWhoever was told the old start is told the new one"
        is_far = told_start is not None and told_start - now > URGENT_WITHIN
        about += ", when a second person approves it: it is more than a day ahead." * is_far
        about += "." * (not is_far)
        super().__init__("Postpone the work", about, "&Postpone it", parent)
        self._zone = notice.zone
        old = notice.starts_at
        self.start = QLineEdit()
        if old is not None:
            self.start.setText(f"{wall_of(old, zone_of(notice.zone)):%a %Y-%m-%d %H:%M}")
        self.choice = QComboBox()
        for words, one in (
            ("not decided", WallChoice.NOT_MADE),
            ("the earlier instant", WallChoice.EARLIER),
            ("the later instant", WallChoice.LATER),
        ):
            self.choice.addItem(words, one.value)
        self.add_field("New &start", self.start, f"On the clocks of {notice.zone}.")
        self.add_field("When clocks &change", self.choice)

    def starts_at(self, now: datetime) -> datetime:
        """Give the new start.

        Raises:
            ConsoleError: it cannot be read, or a choice must be made.
        """
        choice = WallChoice(self.choice.currentData())
        return parse_start(self.start.text(), zone_of(self._zone), choice, now)


def _state_box(notice: Notice) -> QComboBox:
    box = QComboBox()
    for one in UnscheduledState:
        if one is not UnscheduledState.RESOLVED:
            box.addItem(one.value, one.value)
    box.setCurrentIndex(max(0, box.findData(notice.state.value)))
    return box


def _send_soon(dialog: FormDialog) -> None:
    shortcut = QShortcut(QKeySequence("Ctrl+Return"), dialog, dialog.button.click)
    shortcut.setWhatsThis("Send it")
