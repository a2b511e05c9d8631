"""The languages of a notice: who reads each, what it lacks, and its texts side by side.

GUI thread only. What is typed is told at once and is kept as every keystroke of the composer.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.composer.composer_reading import Templates
from noc_console.desk.composer.translating import (
    prepared_of,
    translation_of,
    with_prepared,
    with_text,
    without_language,
)
from noc_console.desk.context import Colours
from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column, RowsModel, fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.notices.languages_read import LanguageRead
from noc_console.notices.notice import MAX_TITLE, TRANSLATED, Notice

_ADD = "Another language …"
_LINES, _TITLE_LINES, _FRAME = 4, 2, 18
_SHOWN_LANGUAGES = 4
_WORDS = {
    "title": "Title",
    "disrupted": "Disrupted",
    "not_disrupted": "Not disrupted",
    "reasons": "Reasons",
    "benefit": "Benefit",
    "alternatives": "Alternatives",
    "no_alternatives_because": "No alternative, because",
    "noticed": "What customers notice",
    "cause": "Cause",
    "next_steps": "What comes next",
}
_NOTHING = (
    "Nobody is known to read another language than the notice's own. Give contacts or channels"
    " their language on the page of sending (Ctrl+9), or choose another language above."
)
FILL_KEYS = "Ctrl+Shift+B"


class LanguagesPanel(QWidget):
    """`typed` tells the notice with a text more, `changed` one with whole texts put in or out."""

    typed = Signal(object)
    changed = Signal(object)
    troubled = Signal(str)

    def __init__(self, notice: Notice, colours: Callable[[], Colours]) -> None:
        """Show nothing until languages are known."""
        super().__init__()
        self._notice = notice
        self._colours = colours
        self._templates = Templates(prepared=(), languages=(), names={})
        self._read: tuple[LanguageRead, ...] = ()
        self._is_showing = False
        self._code = ""
        self.setAccessibleName("Languages")
        self.model: RowsModel[LanguageRead] = RowsModel(self._columns(), self)
        self.table = table_of(self.model, "Languages: who reads each, and what it lacks")
        self.add = QComboBox()
        self.add.setAccessibleName("Write in another language")
        self.fill, self.remove = QPushButton("Put in prepared texts"), QPushButton("Take out")
        self.nothing = plain_label(_NOTHING, name="faint")
        self.own: dict[str, QPlainTextEdit] = {}
        self.texts: dict[str, QPlainTextEdit] = {}
        self._labels: dict[str, QLabel] = {}
        self._own_head, self._head = plain_label(), plain_label()
        self.room = QScrollArea()
        self._lay_out()
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choose())
        self.add.activated.connect(self._add_language)
        self.fill.clicked.connect(self.put_prepared)
        self.remove.clicked.connect(self._take_out)

    def _columns(self) -> list[Column[LanguageRead]]:
        return [
            Column(title="Language", text=lambda one: self._name(one.code)),
            Column(title="Contacts", text=lambda one: f"{one.contacts:,}", numeric=True),
            Column(title="Channels", text=lambda one: inert(", ".join(one.channels), 60)),
            Column(
                title="Texts",
                text=texts_words,
                colour=self._ink,
                stretch=True,
            ),
        ]

    def _lay_out(self) -> None:
        self.fill.setToolTip(f"Only where nothing is written yet ({FILL_KEYS})")
        deeds = FlowRow((self.add, self.fill, self.remove))
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 6, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self._own_head, 0, 0)
        grid.addWidget(self._head, 0, 1)
        for place, name in enumerate(TRANSLATED):
            self._add_field(grid, 2 * place + 1, name)
        grid.setRowStretch(2 * len(TRANSLATED) + 1, 1)
        self.room.setWidget(inside)
        self.room.setWidgetResizable(True)
        self.room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.setSpacing(6)
        box.addWidget(self.table)
        box.addLayout(deeds)
        box.addWidget(self.nothing)
        box.addWidget(self.room, 1)
        self.setFocusProxy(self.table)

    def _add_field(self, grid: QGridLayout, row: int, name: str) -> None:
        own, text, label = QPlainTextEdit(), QPlainTextEdit(), QLabel(_WORDS[name])
        lines = _TITLE_LINES if name == "title" else _LINES
        for field in (own, text):
            field.setTabChangesFocus(True)
            field.setFixedHeight(lines * field.fontMetrics().lineSpacing() + _FRAME)
            field.setMinimumWidth(80)
        own.setReadOnly(True)
        own.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        own.setAccessibleName(f"{_WORDS[name]}, as it is written")
        text.setAccessibleName(f"{_WORDS[name]}, in the other language")
        text.textChanged.connect(lambda: self._take(name))
        label.setObjectName("faint")
        label.setBuddy(text)
        grid.addWidget(label, row, 0, 1, 2)
        grid.addWidget(own, row + 1, 0)
        grid.addWidget(text, row + 1, 1)
        self.own[name], self.texts[name], self._labels[name] = own, text, label

    def show_templates(self, found: Templates) -> None:
        """Know the languages that there are templates in, and the prepared texts."""
        self._templates = found
        self._show_offers()
        self.table.viewport().update()
        self._wake()

    def show_languages(self, languages: Sequence[LanguageRead]) -> None:
        """Show who reads what; the chosen language stays, else it is the first that lacks texts."""
        self._read = tuple(one for one in languages if not one.is_own)
        self._show_rows()

    def _show_rows(self) -> None:
        codes = [one.code for one in self._read]
        rows = self._read
        if self._code and self._code not in codes and self._code != self._notice.language:
            rows = (*rows, self._begun())
            codes.append(self._code)
        self.model.show_rows(rows)
        shown = 1 + min(max(1, len(rows)), _SHOWN_LANGUAGES)
        self.table.setFixedHeight(self.table.verticalHeader().defaultSectionSize() * shown + 8)
        fit_columns(self.table, widest=220)
        if self._code not in codes:
            lacking = (one.code for one in rows if not one.is_whole)
            self._code = next(lacking, codes[0] if codes else "")
        if self._code in codes and self.table.currentIndex().row() != codes.index(self._code):
            self.table.selectRow(codes.index(self._code))
        self._show_texts()

    def _begun(self) -> LanguageRead:
        """Give a language that was chosen here, and in which nothing is written yet."""
        told = tuple(name for name in TRANSLATED if getattr(self._notice, name).strip())
        has_templates = self._code in self._templates.languages
        return LanguageRead(code=self._code, has_templates=has_templates, missing=told)

    def show_notice(self, notice: Notice) -> None:
        """Show the texts of a notice; what is the same stays, cursor and all."""
        self._notice = notice
        self._show_offers()
        self._show_texts()

    @property
    def code(self) -> str:
        """The language that is written in; empty for none."""
        return self._code

    def choose(self, code: str) -> None:
        """Write in a language."""
        if code and code != self._notice.language:
            self._code = code
            self._show_rows()

    def go_to_next_missing(self) -> None:
        """Put the cursor into the first text that is missing, else to the languages."""
        for field in self.texts.values():
            if not field.isHidden() and not field.toPlainText().strip():
                field.setFocus(Qt.FocusReason.ShortcutFocusReason)
                self.room.ensureWidgetVisible(field)
                return
        self.table.setFocus()

    def put_prepared(self) -> None:
        """Put in what the prepared texts have in this language, where nothing is written."""
        notice = with_prepared(self._notice, self._templates.prepared, self._code)
        if notice != self._notice:
            self.changed.emit(notice)

    def _take_out(self) -> None:
        self.changed.emit(without_language(self._notice, self._code))

    def _choose(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self.model.rows) and self.model.rows[place].code != self._code:
            self._code = self.model.rows[place].code
            self._show_texts()

    def _add_language(self, place: int) -> None:
        code = self.add.itemData(place)
        self.add.setCurrentIndex(0)
        if code:
            self.choose(str(code))
            self.go_to_next_missing()

    def _take(self, name: str) -> None:
        if self._is_showing or not self._code:
            return
        text = self.texts[name].toPlainText()
        try:
            if name == "title":
                text = " ".join(text.split("\n"))[:MAX_TITLE]
            self._notice = with_text(self._notice, self._code, name, text)
        except ConsoleError as failure:
            self.troubled.emit(failure.sentence)
            return
        self._wake()
        self.typed.emit(self._notice)

    def _show_texts(self) -> None:
        self._is_showing = True
        has_language = bool(self._code) and self._code != self._notice.language
        written = translation_of(self._notice, self._code)
        self.room.setVisible(has_language)
        self.nothing.setVisible(not has_language)
        self._own_head.setText(f"{self._name(self._notice.language)}, as it is written")
        self._head.setText(self._name(self._code))
        for name, field in self.texts.items():
            mine, other = getattr(self._notice, name), getattr(written, name)
            is_told = has_language and bool(mine.strip() or other.strip())
            for part in (self.own[name], field, self._labels[name]):
                part.setVisible(is_told)
            _put(self.own[name], mine)
            _put(field, other)
        self._is_showing = False
        self._wake()

    def _wake(self) -> None:
        offered = prepared_of(self._notice, self._templates.prepared, self._code)
        self.fill.setEnabled(bool(offered))
        written = [one.language for one in self._notice.translations]
        self.remove.setEnabled(self._code in written)

    def _show_offers(self) -> None:
        there = {self._notice.language, *(one.code for one in self.model.rows)}
        codes = [code for code in self._templates.languages if code not in there]
        if [self.add.itemData(place) for place in range(1, self.add.count())] == codes:
            return
        self.add.clear()
        self.add.addItem(_ADD, "")
        for code in codes:
            self.add.addItem(self._name(code), code)
        self.add.setVisible(bool(codes))

    def _name(self, code: str) -> str:
        return language_name(code, self._templates.names)

    def _ink(self, one: LanguageRead) -> QColor | None:
        return None if one.is_whole else self._colours().look.colours[Verdict.EARLY]


def language_name(code: str, names: Mapping[str, str]) -> str:
    """Give a language as it calls itself, with its code: `Deutsch (de)`."""
    name = names.get(code, "")
    return f"{inert(name, 40)} ({inert(code, 12)})" if name else inert(code, 12)


def texts_words(one: LanguageRead) -> str:
    """Say by shape and words how much of a notice is written in a language."""
    if one.is_whole:
        told = "●  all written"
    elif one.written:
        told = f"◐  {len(one.missing)} of {one.written + len(one.missing)} missing"
    else:
        told = "○  nothing written"
    return told if one.has_templates else f"{told}; no templates, the rest is in English"


def _put(field: QPlainTextEdit, text: str) -> None:
    if field.toPlainText() != text:
        field.setPlainText(text)
