"""The tab of the server page that says which lines hold and why. GUI thread only.

Enter changes the chosen row's lines, Delete takes a choice back, P chooses a profile, Ctrl+Z
undoes.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from noc_console.desk.lines.line_rows import LineRow
from noc_console.desk.look import Look
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.fleet.inert import inert
from noc_console.health.line_book import LineSet
from noc_console.health.verdict import Verdict

_LOADING = "The lines are being read."


class LinesPanel(QWidget):
    """A table of lines, and the buttons that change them."""

    change_wanted = Signal(str)
    reset_wanted = Signal(str)
    profile_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, look: Look) -> None:
        """Show that the lines are being read."""
        super().__init__()
        self._fits = False
        self.model: RowsModel[LineRow] = RowsModel(_columns(look), self)
        self.view = table_of(self.model, "Lines")
        self.profile = QLabel()
        self.profile.setTextFormat(Qt.TextFormat.PlainText)
        self.change_button = QPushButton("Ch&ange…")
        self.reset_button = QPushButton("Ta&ke back")
        self.profile_button = QPushButton("Prof&ile…")
        self.undo_button = QPushButton("&Undo")
        self._waiting = QLabel(_LOADING)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._waiting.setWordWrap(True)
        self._waiting.setTextFormat(Qt.TextFormat.PlainText)
        self._stack = QStackedWidget()
        self._lay_out()
        self._join()
        self.set_undo("")
        self._choose()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 4, 0, 0)
        head.addWidget(self.profile, 1)
        for button, tip in (
            (self.change_button, "Change the chosen value’s lines (Enter)"),
            (self.reset_button, "Take back what was chosen for the value (Delete)"),
            (self.profile_button, "Choose a profile (P)"),
            (self.undo_button, "Undo the last change of lines (Ctrl+Z)"),
        ):
            button.setToolTip(tip)
            head.addWidget(button)
        self._stack.addWidget(self._waiting)
        self._stack.addWidget(self.view)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addLayout(head)
        box.addWidget(self._stack, 1)
        self.setFocusProxy(self.view)

    def _join(self) -> None:
        self.change_button.clicked.connect(self._change)
        self.reset_button.clicked.connect(self._reset)
        self.profile_button.clicked.connect(self.profile_wanted)
        self.undo_button.clicked.connect(self.undo_wanted)
        self.view.doubleClicked.connect(lambda _: self._change())
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        for keys, words, act in (
            ("Return", "Lines: change those of the chosen value", self._change),
            ("Delete", "Lines: take back what was chosen for the value", self._reset),
            ("P", "Lines: choose a profile", self.profile_wanted.emit),
            ("Ctrl+Z", "Lines: undo the last change", self._undo),
        ):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setWhatsThis(words)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the columns their widths when they are first seen."""
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        if not self._fits:
            self._fits = True
            fit_columns(self.view)

    @property
    def chosen(self) -> LineRow | None:
        """The row a person chose."""
        rows = self.view.selectionModel().selectedRows()
        place = rows[0].row() if rows else -1
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    def show_rows(self, lines: LineSet, rows: Sequence[LineRow]) -> None:
        """Show these lines; the chosen value stays chosen."""
        profile = lines.profile
        self.profile.setText(f"Profile: {profile.title} ({inert(lines.profile_source)})")
        self.profile.setToolTip(profile.words)
        before = self.chosen
        is_first = len(rows) != len(self.model.rows)
        self.model.show_rows(rows)
        self._fits = self._fits and not is_first
        if self.isVisible():
            self._fit()
        keys = [row.key for row in rows]
        if before is not None and before.key in keys:
            self.view.selectRow(keys.index(before.key))
        self._stack.setCurrentWidget(self.view)
        self._choose()

    def show_trouble(self, sentence: str) -> None:
        """Say why the lines cannot be shown."""
        self._waiting.setText(sentence)
        self._stack.setCurrentWidget(self._waiting)

    def set_undo(self, words: str) -> None:
        """Offer to undo a change; without words there is none."""
        self.undo_button.setEnabled(bool(words))
        self.undo_button.setToolTip(f"Undo: {words} (Ctrl+Z)" if words else "Nothing to undo")

    def _choose(self) -> None:
        row = self.chosen
        self.change_button.setEnabled(row is not None)
        self.reset_button.setEnabled(row is not None and row.is_chosen)

    def _change(self) -> None:
        row = self.chosen
        if row is not None:
            self.change_wanted.emit(row.key)

    def _reset(self) -> None:
        row = self.chosen
        if row is not None and row.is_chosen:
            self.reset_wanted.emit(row.key)

    def _undo(self) -> None:
        if self.undo_button.isEnabled():
            self.undo_wanted.emit()


def _columns(look: Look) -> tuple[Column[LineRow], ...]:
    def worded(row: LineRow) -> str:
        return row.title if row.verdict is Verdict.OK else look.worded(row.verdict, row.title)

    return (
        Column(title="Value", text=worded, colour=lambda row: look.colour(row.verdict)),
        Column(title="Now", text=lambda row: row.now, numeric=True),
        Column(title="Early line", text=lambda row: row.early),
        Column(title="Cut-off", text=lambda row: row.cut_off),
        Column(title="Forecast", text=lambda row: row.forecast),
        Column(
            title="From",
            text=lambda row: row.source,
            tip=_why,
            colour=lambda row: None if row.is_chosen else look.faint,
            stretch=True,
        ),
    )


def _why(row: LineRow) -> str:
    if row.is_chosen:
        return f"Somebody chose them for {row.source}; Delete takes the choice back."
    return f"They come with the {row.source}; nobody chose others for this value."
