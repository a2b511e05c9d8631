"""The evidence of one server as a window: recordings, exhibits by time, suspects, search, compare.

GUI thread only; everything is read in the background, and what is shown is inert.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.comparing import Comparing
from noc_console.desk.evidence.evidence_deeds import EvidenceDeeds
from noc_console.desk.evidence.evidence_reader import EvidenceReader, RecordingRead
from noc_console.desk.evidence.evidence_tables import (
    EXHIBIT_COLUMNS,
    FOUND_COLUMNS,
    SUSPECT_COLUMNS,
    SuspectRow,
    recording_columns,
    suspect_rows,
)
from noc_console.desk.evidence.evidence_words import (
    absence_words,
    all_absence_words,
    clock,
    day_and_time,
    recording_words,
    told_about,
)
from noc_console.desk.evidence.exhibit_view import ExhibitView, SignColours
from noc_console.desk.evidence.recording_deeds import RecordingDeeds
from noc_console.desk.key_map import KeyMapDialog, keys_of
from noc_console.desk.state_panel import StatePanel
from noc_console.desk.widgets.rows_table import RowsModel, fit_columns, plain_tip, table_of
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Exhibit, Recording, RecordingState
from noc_console.incidents.evidence.evidence_reading import Found

_SIZE = QSize(1240, 700)
_TICK_MS = 1000
_READ_AGAIN_S = 10.0
_EVERYTHING = "Everything"
_TABLE = "processes"
_NOTHING_TITLE = "Nothing is recorded of this server yet"
_NOTHING_YET = (
    "Recording begins by itself when the server passes an early line, and ends ten minutes after "
    "it is well again. Ctrl+R records it now."
)
SUSPECTS, EXHIBIT, DIFFERENCE, FOUND = range(4)


class EvidenceWindow(QDialog):
    """One server's evidence. F1 tells the keys, Esc closes."""

    def __init__(
        self,
        context: DeskContext,
        server: Server,
        parent: QWidget,
        *,
        recording_id: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Read a server's recordings; show one of them, or else the newest."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._context = context
        self._server = server
        self._now = now
        self._wanted = recording_id
        self._exhibits: tuple[Exhibit, ...] = ()
        self._shown_id: int | None = None
        self._read_at = now()
        self._read_state: object = None
        self.reader = EvidenceReader(context, self.say, self, now)
        self.deeds = RecordingDeeds(context, self.say, self, now)
        self.keeping = EvidenceDeeds(
            self, self.reader, lambda: self._recording, self.say, self._read_recordings
        )
        self.comparing = Comparing(
            self,
            self.reader,
            lambda: self._exhibit,
            lambda: self._exhibits,
            self.say,
            self._show_changes,
        )
        self.recordings = RowsModel(recording_columns(now), self)
        self.exhibits: RowsModel[Exhibit] = RowsModel(EXHIBIT_COLUMNS, self)
        self.suspects: RowsModel[SuspectRow] = RowsModel(SUSPECT_COLUMNS, self)
        self.found: RowsModel[Found] = RowsModel(FOUND_COLUMNS, self)
        self.recording_table = table_of(self.recordings, "Recordings")
        self.exhibit_table = table_of(self.exhibits, "Exhibits")
        self.suspect_table = table_of(self.suspects, "Suspects")
        self.suspect_table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.found_table = table_of(self.found, "Lines found")
        self.text = ExhibitView("Exhibit")
        self.changes = ExhibitView("What changed")
        look = context.theme().look
        self._colours = SignColours(
            self.changes.document(), look.faint, look.colours[Verdict.EARLY]
        )
        self.only, self.search = QComboBox(), QLineEdit()
        self.tabs, self.stack = QTabWidget(), QStackedWidget()
        self.head, self.about, self.status = QLabel(), QLabel(), QLabel()
        self.record_button = QPushButton()
        self._lay_out()
        self._join()
        self._read_recordings()

    def sizeHint(self) -> QSize:
        """Give room for two tables and a text beside them."""
        return _SIZE

    def say(self, sentence: str) -> None:
        """Show a sentence at the foot."""
        self.status.setText(inert(sentence))

    def _lay_out(self) -> None:
        self.setWindowTitle(f"Evidence of {inert(self._server.name)}")
        self.head.setObjectName("pageTitle")
        self.head.setText(f"Evidence of {inert(self._server.name)}")
        for label in (self.head, self.about, self.status):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.about.setWordWrap(True)
        self.status.setWordWrap(True)
        self.about.setObjectName("faint")
        self.search.setPlaceholderText("Find in all exhibits of this recording (Ctrl+F)")
        self.search.setAccessibleName("Find in all exhibits")
        self.search.setClearButtonEnabled(True)
        self.only.setAccessibleName("Which exhibits")
        top = QHBoxLayout()
        top.addWidget(self.head, 1)
        buttons = self._buttons()
        self._of_recording = buttons[1:]
        for button in buttons:
            top.addWidget(button)
        left, right = QWidget(), QWidget()
        left_box, right_box = QVBoxLayout(left), QVBoxLayout(right)
        for box in (left_box, right_box):
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(6)
        left_box.addWidget(self.recording_table, 2)
        left_box.addWidget(self.only)
        left_box.addWidget(self.exhibit_table, 5)
        right_box.addWidget(self.search)
        for part, title in (
            (self.suspect_table, "&Suspects"),
            (self.text, "E&xhibit"),
            (self.changes, "&What changed"),
            (self.found_table, "&Found"),
        ):
            self.tabs.addTab(part, title)
        right_box.addWidget(self.tabs, 1)
        splitter = QSplitter()
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([470, 770])
        self._state: StatePanel | None = None
        self.stack.addWidget(splitter)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(14, 12, 14, 10)
        whole.setSpacing(8)
        whole.addLayout(top)
        whole.addWidget(self.about)
        whole.addWidget(self.stack, 1)
        whole.addWidget(self.status)
        self._show_state("Reading the recordings …", "")

    def _buttons(self) -> list[QPushButton]:
        buttons = [self.record_button]
        told: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("", "Ctrl+R", "Record this server now, or stop", self._toggle),
            (
                "&Compare",
                "D",
                "What changed since the marked exhibit or the one before",
                self.comparing.compare,
            ),
            ("&Mark", "M", "Mark the exhibit that others are compared with", self.comparing.mark),
            ("C&heck", "Ctrl+H", "Check the hashes of this recording", self.keeping.verify),
            ("S&ave…", "Ctrl+S", "Write this recording into a folder", self.keeping.ask_folder),
            ("&Keep", "Ctrl+K", "Keep this recording for good, or no more", self.keeping.keep),
        )
        for words, keys, tip, act in told:
            button = QPushButton(words) if words else self.record_button
            button.setAutoDefault(False)
            button.setToolTip(f"{tip} ({keys})")
            button.setAccessibleName(tip)
            button.clicked.connect(lambda _=False, act=act: act())
            self._add_key(keys, tip, act)
            if words:
                buttons.append(button)
        return buttons

    def _add_key(self, keys: str, words: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self, act)
        shortcut.setWhatsThis(words)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _join(self) -> None:
        self._add_key("Ctrl+F", "Find in all exhibits", self.search.setFocus)
        self._add_key("F1", "Keys", self.show_keys)
        self._add_key("F6", "Go to the next part of the window", self._focus_next_part)
        self.recording_table.selectionModel().currentRowChanged.connect(self._choose_recording)
        self.exhibit_table.selectionModel().currentRowChanged.connect(self._choose_exhibit)
        self.suspect_table.activated.connect(self._open_suspect_line)
        self.suspect_table.selectionModel().currentRowChanged.connect(
            lambda index, _: self.say(self.suspects.rows[index.row()].words.strip())
        )
        self.found_table.activated.connect(self._open_found)
        self.only.currentIndexChanged.connect(lambda _: self._show_exhibits())
        self.search.returnPressed.connect(self._search)
        self._context.live.recordings_changed.connect(self._read_recordings)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._tick()

    def _tick(self) -> None:
        recording = self._context.live.recordings.get(self._server.id)
        words = "&Record now" if recording is None else "Stop &recording"
        self.record_button.setText(words)
        self.head.setText(
            f"Evidence of {inert(self._server.name)}"
            + (f"   ●  {recording_words(recording, self._now())}" if recording else "")
        )

    def _toggle(self) -> None:
        self.deeds.toggle(self._server.id)

    def _show_state(self, title: str, sentence: str) -> None:
        self._drop_state()
        self._enable(False)
        self._state = StatePanel(title, sentence)
        self.stack.addWidget(self._state)
        self.stack.setCurrentWidget(self._state)

    def _drop_state(self) -> None:
        if self._state is not None:
            self.stack.removeWidget(self._state)
            self._state.deleteLater()
            self._state = None
            self._enable(True)

    def _enable(self, is_recorded: bool) -> None:
        """Offer what is done with a recording only where there is one."""
        for button in self._of_recording:
            button.setEnabled(is_recorded)

    def _read_recordings(self) -> None:
        self.reader.recordings(self._server.id, self._take_recordings)
        self._tick()

    def _take_recordings(self, recordings: Sequence[Recording]) -> None:
        if not recordings:
            self._show_state(_NOTHING_TITLE, _NOTHING_YET)
            return
        self._drop_state()
        is_first = not self.recordings.rows
        self.recordings.show_rows(recordings)
        if is_first:
            fit_columns(self.recording_table, widest=190)
        wanted = self._wanted if self._wanted is not None else self._shown_id
        places = [place for place, one in enumerate(recordings) if one.id == wanted]
        place = places[0] if places else 0
        self._wanted = None
        if self.recording_table.currentIndex().row() != place:
            self.recording_table.selectRow(place)
        elif self._recording is not None:
            self._read_again(self._recording)

    def _read_again(self, recording: Recording) -> None:
        """Read what came meanwhile, but seldom: ranking suspects anew takes work."""
        is_over = recording.state is not RecordingState.RECORDING
        passed_s = (self._now() - self._read_at).total_seconds()
        state = (recording.last_at, recording.state, recording.is_kept)
        if state != self._read_state and (is_over or passed_s >= _READ_AGAIN_S):
            self._read_at, self._read_state = self._now(), state
            self.reader.recording(recording.id, self._take_recording)

    @property
    def _recording(self) -> Recording | None:
        row = self.recording_table.currentIndex().row()
        return self.recordings.rows[row] if 0 <= row < len(self.recordings.rows) else None

    @property
    def _exhibit(self) -> Exhibit | None:
        row = self.exhibit_table.currentIndex().row()
        return self.exhibits.rows[row] if 0 <= row < len(self.exhibits.rows) else None

    def _choose_recording(self, *_: object) -> None:
        recording = self._recording
        if recording is None:
            return
        self._shown_id = recording.id
        self.comparing.forget()
        self._exhibits = ()
        self.exhibits.show_rows(())
        self.suspects.show_rows(())
        self.found.show_rows(())
        self.text.clear()
        self.changes.clear()
        self.about.setText(f"Reading {day_and_time(recording.started_at)} …")
        self._read_at = self._now()
        self._read_state = (recording.last_at, recording.state, recording.is_kept)
        self.reader.recording(recording.id, self._take_recording)

    def _show_about(self, recording: Recording) -> None:
        absent = absence_words(recording)
        kept = " It is kept for good." if recording.is_kept else ""
        self.about.setText(told_about(recording, self._now()) + kept)
        self.about.setToolTip(plain_tip(all_absence_words(recording)))
        if absent and not self.status.text():
            self.say(absent)

    def _take_recording(self, read: RecordingRead) -> None:
        if read.recording.id != self._shown_id:
            return
        self._show_about(read.recording)
        self._exhibits = read.exhibits
        self.suspects.show_rows(suspect_rows(read.suspects))
        fit_columns(self.suspect_table, widest=120)
        self.tabs.setTabText(SUSPECTS, f"&Suspects ({len(read.suspects)})")
        self._show_collectors()
        self._show_exhibits()

    def _show_collectors(self) -> None:
        chosen = self.only.currentText() or _EVERYTHING
        titles = sorted({inert(one.title) for one in self._exhibits})
        self.only.blockSignals(True)
        self.only.clear()
        self.only.addItems([_EVERYTHING, *titles])
        self.only.setCurrentText(chosen if chosen in titles else _EVERYTHING)
        self.only.blockSignals(False)

    def _show_exhibits(self) -> None:
        chosen, before = self.only.currentText(), self._exhibit
        rows = [
            one for one in self._exhibits if chosen == _EVERYTHING or inert(one.title) == chosen
        ]
        is_first = not self.exhibits.rows
        self.exhibits.show_rows(rows)
        if is_first:
            fit_columns(self.exhibit_table, widest=200)
        if before is not None and before in rows:
            self.exhibit_table.selectRow(rows.index(before))

    def _choose_exhibit(self, *_: object) -> None:
        one = self._exhibit
        if one is not None:
            self._open(one, 1)

    def _open(self, one: Exhibit, line: int) -> None:
        self.tabs.setTabText(EXHIBIT, f"E&xhibit {one.number}, {clock(one.at)}")
        self.reader.exhibit(one, line, lambda told: self.text.show_text(told.text, told.line))
        self.tabs.setCurrentIndex(EXHIBIT)

    def _open_number(self, number: int, line: int) -> None:
        for one in self._exhibits:
            if one.number == number:
                self._open(one, line)
                self.text.setFocus()

    def _open_suspect_line(self, index: QModelIndex) -> None:
        row = self.suspects.rows[index.row()]
        line = row.line or next(iter(row.suspect.lines), None)
        if line is not None:
            self._open_number(line.exhibit, line.line)

    def _open_found(self, index: QModelIndex) -> None:
        one = self.found.rows[index.row()]
        self._open_number(one.exhibit.number, one.line)

    def _search(self) -> None:
        words, recording = self.search.text().strip(), self._recording
        if not words or recording is None:
            return
        self.say("Looking …")
        self.reader.found(recording.id, words, self._take_found)

    def _take_found(self, found: Sequence[Found]) -> None:
        self.found.show_rows(found)
        fit_columns(self.found_table, widest=220)
        self.tabs.setTabText(FOUND, f"&Found ({len(found)})")
        self.tabs.setCurrentIndex(FOUND)
        self.say(f"{len(found)} lines hold these words." if found else "No line holds these words.")
        if found:
            self.found_table.selectRow(0)
            self.found_table.setFocus()

    def choose_last(self, *, is_compared: bool = False) -> None:
        """Show the last process table, or what changed in it."""
        rows = [place for place, one in enumerate(self.exhibits.rows) if one.collector == _TABLE]
        if rows:
            self.exhibit_table.selectRow(rows[-1])
            if is_compared:
                self.comparing.compare()

    def _show_changes(self, title: str, text: str) -> None:
        self.tabs.setTabText(DIFFERENCE, title)
        self.changes.show_text(text or "They are the same.")
        self.tabs.setCurrentIndex(DIFFERENCE)
        self.changes.setFocus()

    def show_keys(self) -> None:
        """Tell every key of this window."""
        dialog = KeyMapDialog({"Evidence": keys_of(self)}, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _focus_next_part(self) -> None:
        parts: list[QWidget] = [
            self.recording_table,
            self.exhibit_table,
            self.search,
            self.tabs.currentWidget(),
        ]
        held = [part.hasFocus() for part in parts]
        place = held.index(True) + 1 if True in held else 0
        part = parts[place % len(parts)]
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if isinstance(part, QTableView) and not part.currentIndex().isValid():
            part.selectRow(0)
