"""What a person does to the lines of a server: changes, takes back, undoes; and reads them.

GUI thread only; the store is read and written in the background.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.lines.line_dialog import LineDialog
from noc_console.desk.lines.profile_dialog import ProfileDialog
from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.health.line_book import LineBook, LineSet, Owner, owner_words
from noc_console.health.line_records import choose_lines, choose_profile, load_book, reset_lines
from noc_console.health.lines import Lines
from noc_console.health.measures import measure_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Undo:
    """How it was before a change, and the change in words."""

    words: str
    put_back: Callable[[], None]


class LineDeeds(QObject):
    """The lines of one server, as the desk last read them, and ways to change them."""

    lines_read = Signal(object)
    """The `LineSet` that holds now."""
    refused = Signal(str)
    """Why the lines cannot be read."""
    undo_changed = Signal(str)
    """What can be undone, in words; empty where nothing can."""

    def __init__(self, context: DeskContext, server: Server, parent: QWidget) -> None:
        """Know nothing yet: `read` reads."""
        super().__init__(parent)
        self.server = server
        self._context = context
        self._parent = parent
        self._book = LineBook()
        self._undo: list[_Undo] = []
        context.live.lines_changed.connect(self.read)

    def read(self) -> None:
        """Read the line book anew."""
        store = self._context.store
        self._context.background.call(
            lambda: load_book(store),
            self._take,
            lambda failure: self.refused.emit(failure.sentence),
            self,
        )

    def show_server(self, server: Server) -> None:
        """Give the lines of the server as it is after an edit: its groups may be others."""
        self.server = server
        self._take(self._book)

    def change(self, key: str) -> LineDialog | None:
        """Ask for other lines of a value."""
        rule, measure = self._lines.rule(key), measure_of(key)
        if rule is None or measure is None:
            return None
        dialog = LineDialog(self.server, rule, measure, self._book, self._parent)
        dialog.lines_wanted.connect(
            lambda owner, lines: self._choose(dialog, owner, rule.key, lines)
        )
        _open(dialog)
        return dialog

    def choose_profile(self) -> ProfileDialog:
        """Ask for a profile."""
        dialog = ProfileDialog(self.server, self._book, self._parent)
        dialog.profile_wanted.connect(lambda owner, key: self._choose_profile(dialog, owner, key))
        _open(dialog)
        return dialog

    def take_back(self, key: str) -> None:
        """Forget what was chosen for a value by whoever's lines hold now."""
        rule = self._lines.rule(key)
        if rule is None or rule.owner is None:
            return
        owner, before = rule.owner, rule.lines
        store = self._context.store
        undo = self._back_to(
            owner, {rule.key: before}, f"taking back the lines for {owner_words(owner)}"
        )
        self._do(
            lambda: reset_lines(store, owner, [rule.key]),
            undo,
            lambda failure: self._context.navigator.say(failure.sentence),
        )

    def undo(self) -> None:
        """Put back what was before the last change."""
        if not self._undo:
            return
        last = self._undo.pop()
        self._context.background.call(
            last.put_back,
            lambda _: self._say_undo(),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    @property
    def _lines(self) -> LineSet:
        return self._book.line_set(self.server)

    def _take(self, book: LineBook) -> None:
        self._book = book
        self.lines_read.emit(self._lines)

    def _choose(self, dialog: LineDialog, owner: Owner, key: str, lines: Lines) -> None:
        before = self._book.of_owner(owner).get(key)
        store, by = self._context.store, self._context.asked_by
        words = f"the lines for {owner_words(owner)}"
        undo = (
            _Undo(words=words, put_back=lambda: _forget(self._context, owner, key))
            if before is None
            else self._back_to(owner, {key: before}, words)
        )
        self._do(
            lambda: choose_lines(store, owner, {key: lines}, by, datetime.now(UTC)),
            undo,
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog.accept,
        )

    def _choose_profile(self, dialog: ProfileDialog, owner: Owner, key: str) -> None:
        before = self._book.profiles.get(owner, "")
        store, by = self._context.store, self._context.asked_by

        def put(profile: str) -> None:
            choose_profile(store, owner, profile, by, datetime.now(UTC))

        self._do(
            lambda: put(key),
            _Undo(words=f"the profile for {owner_words(owner)}", put_back=lambda: put(before)),
            lambda failure: dialog.show_trouble(failure.sentence),
            dialog.accept,
        )

    def _back_to(self, owner: Owner, before: Mapping[str, Lines], words: str) -> _Undo:
        store, by = self._context.store, self._context.asked_by
        return _Undo(
            words=words,
            put_back=lambda: choose_lines(store, owner, before, by, datetime.now(UTC)),
        )

    def _do(
        self,
        work: Callable[[], object],
        undo: _Undo,
        failure: Callable[[ConsoleError], None],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        def done(_: object) -> None:
            self._undo.append(undo)
            self._say_undo()
            then()

        self._context.background.call(work, done, failure, self)

    def _say_undo(self) -> None:
        self.undo_changed.emit(self._undo[-1].words if self._undo else "")


def _forget(context: DeskContext, owner: Owner, key: str) -> None:
    reset_lines(context.store, owner, [key])


def _open(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
