"""The templates of notices: those shipped and the site's own, changed with a preview at their side.

GUI thread only. What is typed is tried in the background, in the child that is bound; the last good
text stays in sight while a broken one says its line.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QInputDialog,
    QMessageBox,
    QPlainTextEdit,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.notice_templates.template_line import TemplateText
from noc_console.desk.notice_templates.trial_reading import Tried, try_and_show
from noc_console.desk.notice_templates.typed_template import TypedTemplate
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.question import ask
from noc_console.desk.widgets.rows_table import Column
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert, inert_lines
from noc_console.health.verdict import Verdict
from noc_console.notices.template_draft import TemplateDraft, get_draft, text_hash
from noc_console.notices.template_keeping import (
    Kept,
    KeptTemplate,
    KeptTemplates,
    keep_template,
    read_templates,
    take_template_away,
)
from noc_console.notices.template_shelf import checked_path
from noc_console.notices.text import Text

_TRY_AFTER_MS = 400
_SMALLEST, _LIST_WIDTH = QSize(150, 60), 230
_TRYING = "Being worded …"
_SHAPES = {Kept.SHIPPED: "○", Kept.OWN: "●", Kept.FOLDER: "◐"}
_ABOUT = (
    "Shipped templates are never changed: what you save takes their place for everybody, and taking"
    " it away brings them back."
)


def template_columns() -> tuple[Column[KeptTemplate], ...]:
    """Give the columns of templates."""
    return (
        Column(title="Template", text=lambda one: inert(one.path), stretch=True),
        Column(title="Is", text=lambda one: f"{_SHAPES[one.kept]}  {one.kept.value}"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """All templates, and what this person typed and did not save when the window was last open."""

    kept: KeptTemplates
    draft: TemplateDraft | None


def _lines(texts: Sequence[tuple[str, Text]], *, is_plain: bool) -> Iterator[str]:
    """Give texts one after the other, each under what it is."""
    for place, (called, text) in enumerate(texts):
        if place:
            yield from ("", "")
        if called:
            yield from (f"── {inert(called, 80)} ──", "")
        if is_plain:
            yield from (inert(text.title), f"Short: {inert(text.summary)}", "")
        yield from inert_lines(text.plain if is_plain else text.markdown)


class TemplatesPanel(RowsPanel[KeptTemplate]):
    """One of the tabs of sending."""

    def __init__(self, context: DeskContext) -> None:
        """Show that they are being read."""
        super().__init__(context, "Templates", template_columns())
        self.typed = TypedTemplate(context, lambda: datetime.now(UTC), self)
        self._has_looked_for_draft = False
        self.kept: KeptTemplates | None = None
        self._shown: KeptTemplate | None = None
        self._begun_beside = ""
        """The row that is chosen while a new template, which has none, is written."""
        self._asked_of_child = 0
        self.heading = plain_label(name="sectionTitle")
        self.editor = TemplateText()
        self.preview, self.source = QPlainTextEdit(), QPlainTextEdit()
        self.result = plain_label()
        self.about = plain_label(_ABOUT, name="faint")
        self.deeds.add(*self._deeds())
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TRY_AFTER_MS)
        self._typing.timeout.connect(self._try)
        self.editor.textChanged.connect(self._take_typing)
        context.live.settings_changed.connect(self.read_if_shown)
        self.choice_changed()

    def _deeds(self) -> tuple[Deed, ...]:
        return (
            Deed(key="save", words="Save", keys="Ctrl+S", act=self.save),
            Deed(
                key="new", words="New from this…", keys="Ins", act=self.ask_for_new, on_table=True
            ),
            Deed(key="back", words="Discard what I typed", keys="Ctrl+Shift+Z", act=self.discard),
            Deed(
                key="away",
                words="Take mine away…",
                keys="Del",
                act=self.ask_to_take_away,
                on_table=True,
            ),
        )

    def _lay_out(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self.editor.setFont(font)
        self.editor.setAccessibleName("The template")
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        for field, words in ((self.preview, "As text"), (self.source, "As Markdown")):
            field.setReadOnly(True)
            field.setTabChangesFocus(True)
            field.setAccessibleName(f"Preview {words.lower()}")
            self.tabs.addTab(field, words)
        seen = QWidget()
        below = QVBoxLayout(seen)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.result)
        below.addWidget(self.tabs, 1)
        right = QSplitter(Qt.Orientation.Vertical)
        right.addWidget(self.editor)
        right.addWidget(seen)
        right.setChildrenCollapsible(False)
        right.setSizes([300, 260])
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        column.addLayout(top)
        column.addWidget(right, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.stack)
        split.addWidget(side)
        split.setChildrenCollapsible(False)
        split.setSizes([380, 760])
        for part in (self.editor, self.preview, self.source, self.table):
            part.setMinimumSize(_SMALLEST)
        self.table.setMinimumWidth(_LIST_WIDTH)
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(split, 1)
        self.box.addWidget(self.about)

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._shown is not None and self.editor.toPlainText() != self._shown.text

    def reading(self) -> Callable[[], Shelved]:
        """Give the work that reads the templates, and at first what was typed and not saved."""
        store, who, wants_draft = (
            *(self.context.store, self.context.asked_by, not self._has_looked_for_draft),
        )
        return lambda: Shelved(
            kept=read_templates(store), draft=get_draft(store, who) if wants_draft else None
        )

    def key_of(self, row: KeptTemplate) -> Hashable:
        """Give its path."""
        return row.path

    def take(self, found: Shelved) -> None:
        """Show them; what is being typed stays as it is."""
        self.kept, folder = found.kept, found.kept.folder
        where = f" Those in {inert(folder)} go before all others." if folder else ""
        self.about.setText(f"{_ABOUT}{where}")
        self.show_rows(found.kept.templates)
        is_first, self._has_looked_for_draft = not self._has_looked_for_draft, True
        if is_first and found.draft is not None and not self.is_changed:
            self._take_up(found.draft)

    def _take_up(self, draft: TemplateDraft) -> None:
        """Show again what was typed before the window was closed, or died."""
        self.typed.found(draft)
        if not self.choose(draft.path):
            self._begin(draft.path, draft.text)
        self.editor.setPlainText(draft.text)
        row = self._shown
        if row is None or not self.is_changed:
            self.typed.forget()
            return
        moved = ""
        if row.text and text_hash(row.text) != draft.began_from:
            moved = " The template was changed since then: compare before you save."
        self.context.navigator.say(
            f"{inert(draft.path)} has what you typed at {draft.typed_at.astimezone():%a %H:%M} and"
            f" did not save: save it (Ctrl+S) or discard it (Ctrl+Shift+Z).{moved}"
        )

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep at once what was typed last."""
        super().hideEvent(event)
        self.typed.keep_now()

    def choice_changed(self) -> None:
        """Show the chosen template; what was typed and not saved is never lost by a look aside."""
        row = self.chosen
        if self.is_changed and self._shown is not None and row is not None:
            if row.path in {self._shown.path, self._begun_beside}:
                return
            self.choose(self._shown.path)
            self.context.navigator.say(
                f"{inert(self._shown.path)} has changes: save them (Ctrl+S) or discard them"
                " (Ctrl+Shift+Z) first."
            )
            return
        if row is not None and row != self._shown:
            self._open(row)
        self._wake()

    def _open(self, row: KeptTemplate) -> None:
        self._shown, self._begun_beside = row, ""
        self.heading.setText(f"{inert(row.path)}  ({row.kept.value})")
        self.editor.blockSignals(True)
        self.editor.setPlainText(row.text)
        self.editor.blockSignals(False)
        self.editor.mark_line(None)
        self._try()

    def _take_typing(self) -> None:
        self._typing.start()
        self._wake()
        row = self._shown
        if row is not None and self.is_changed:
            self.typed.take(row.path, self.editor.toPlainText(), text_hash(row.text))
        else:
            self.typed.forget()

    def _wake(self) -> None:
        row = self._shown
        self.deeds.enable(
            save=self.is_changed,
            back=self.is_changed,
            new=row is not None,
            away=row is not None and row.kept is not Kept.SHIPPED,
        )

    def _try(self) -> None:
        row, kept = self._shown, self.kept
        if row is None or kept is None:
            return
        self._asked_of_child += 1
        asked, text, shelf = self._asked_of_child, self.editor.toPlainText(), kept.shelf
        self._say(_TRYING, None)
        self.context.background.call(
            lambda: try_and_show(shelf, row.path, text),
            lambda tried: self._show_tried(tried) if asked == self._asked_of_child else None,
            lambda failure: self._show_broken(failure) if asked == self._asked_of_child else None,
            self,
        )

    def _show_tried(self, tried: Tried) -> None:
        self.editor.mark_line(None)
        self._say(f"✔  {tried.words}", None)
        self.tabs.setVisible(bool(tried.texts))
        if tried.texts:
            self.preview.setPlainText("\n".join(_lines(tried.texts, is_plain=True)))
            self.source.setPlainText("\n".join(_lines(tried.texts, is_plain=False)))

    def _show_broken(self, failure: ConsoleError) -> None:
        self._say(f"■  {inert(failure.sentence, 500)}", Verdict.DOWN)
        path = self._shown.path if self._shown is not None else ""
        self.editor.mark_line_told(failure.sentence, PurePosixPath(path).stem)

    def _say(self, words: str, verdict: Verdict | None) -> None:
        colours = self.context.theme().look.colours
        self.result.setText(words)
        self.result.setAccessibleName(words)
        self.result.setStyleSheet(
            f"color: {colours[verdict].name()}; font-weight: 600;" if verdict else ""
        )

    def save(self) -> None:
        """Try what was typed once more, then keep it for everybody."""
        row, store, text = self._shown, self.context.store, self.editor.toPlainText()
        if row is None:
            return

        def finish(kept: Kept) -> None:
            self._shown = KeptTemplate(
                path=row.path, text=text, kept=kept, has_shipped=row.has_shipped
            )
            self.context.navigator.say(f"{inert(row.path)} is kept and used from now on.")
            if not self.is_changed:
                self.typed.forget()
            self.heading.setText(f"{inert(row.path)}  ({kept.value})")
            self._wake()
            self.read()

        self.context.background.call(
            lambda: keep_template(store, row.path, text), finish, self._show_broken, self
        )

    def discard(self) -> None:
        """Show the template as it is kept."""
        if self._shown is not None:
            self.editor.setPlainText(self._shown.text)

    def ask_for_new(self) -> QInputDialog | None:
        """Ask under which path a copy of this one is begun, such as for a brand."""
        row = self._shown
        if row is None:
            return None
        asked = QInputDialog(self)
        asked.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asked.setWindowTitle("New template")
        asked.setLabelText(
            "Where? BRAND/LANGUAGE/NAME.md is for one brand, LANGUAGE/NAME.md for all;"
            " works/NAME.toml and causes/NAME.toml are prepared texts."
        )
        asked.setTextValue(row.path)
        asked.setOkButtonText("Begin")
        asked.textValueSelected.connect(self.begin_new)
        asked.open()
        return asked

    def begin_new(self, path: str) -> None:
        """Begin a copy of the template that is shown; it is there when it is saved."""
        row = self._shown
        if row is None:
            return
        try:
            checked = checked_path(path.strip())
        except ConsoleError as refused:
            self.context.navigator.say(refused.sentence)
            return
        if self.choose(checked):
            return
        self._begin(checked, self.editor.toPlainText())
        self.editor.setFocus()

    def _begin(self, path: str, text: str) -> None:
        self._begun_beside = self.chosen.path if self.chosen is not None else ""
        self._shown = KeptTemplate(path=path, text="", kept=Kept.OWN, has_shipped=False)
        self.heading.setText(f"{inert(path)}  (new, not saved)")
        self.editor.setPlainText(text)

    def ask_to_take_away(self) -> QMessageBox | None:
        """Ask whether the site's own template shall go."""
        row = self._shown
        if row is None or row.kept is Kept.SHIPPED:
            return None
        then = "The shipped one holds again." if row.has_shipped else "There is no shipped one."
        return ask(
            self,
            "Take a template away",
            f"Take your own {inert(row.path)} away, for everybody?",
            f"{then} Its text is gone; copy it first if you may want it again.",
            yes="Take it away",
            no="Keep it",
            act=lambda: self._take_away(row),
        )

    def _take_away(self, row: KeptTemplate) -> None:
        store = self.context.store
        self._shown = None
        self.typed.forget()
        self.do(
            lambda: take_template_away(store, row.path),
            f"Your {inert(row.path)} is taken away.",
        )
