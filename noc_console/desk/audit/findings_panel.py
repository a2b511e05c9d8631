"""The findings of a cell, or the same finding on every server, decided by one key each.

GUI thread only. Lines are made and evidence is read in the background.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from noc_console.audit.asking import ask_to_recheck
from noc_console.audit.checklist import Mark, Need
from noc_console.audit.checklist_lines import Line, Scope
from noc_console.audit.checklist_reading import LineDetail, ReadChecklist, read_detail
from noc_console.audit.decision import Decision, DecisionKind, Key
from noc_console.desk.audit.decide_deeds import DecideDeeds
from noc_console.desk.audit.decide_dialogs import DecideDialog, Wanted
from noc_console.desk.audit.evidence_panel import MarkedText, marked_text
from noc_console.desk.audit.finding_columns import (
    LEFT_OUT_COLUMNS,
    SERVER_COLUMN,
    finding_columns,
)
from noc_console.desk.audit.finding_detail import FindingDetail
from noc_console.desk.audit.found_lines import FoundLines, LinesModel, Opened, found_lines, runs_of
from noc_console.desk.audit.letting_go import LettingGo
from noc_console.desk.audit.order_follower import OrderFollower
from noc_console.desk.context import DeskContext
from noc_console.desk.order_watch import NoEngine
from noc_console.desk.widgets.deed import Deed, Deeds
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import fit_columns, table_of
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.store.orders import Order

_NARROW = 1320
_TIGHT = 760
_SOME = 200
_KINDS = (
    ("fixed", "Fixed", "F", DecisionKind.FIXED),
    ("accept", "Accept…", "A", DecisionKind.ACCEPTED),
    ("false", "Check is wrong…", "X", DecisionKind.FALSE),
    ("task", "Task…", "T", DecisionKind.TASK),
    ("answer", "Answer…", "W", DecisionKind.ANSWERED),
    ("undo", "Take back", "U", DecisionKind.REOPENED),
)


class FindingsPanel(QWidget):
    """N and P go through what is open, S chooses the same everywhere, Esc leads back."""

    left = Signal()
    """Esc: back to the matrix."""
    other_wanted = Signal(int)
    """1 or -1: nothing more is open here, the next cell is wanted."""
    changed = Signal()
    """A decision was written, or a check was looked at again: it is to be read."""
    line_chosen = Signal(object)
    """The `Line` that is shown; None where there is none."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QWidget) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self.setAccessibleName("Findings")
        self._context = context
        self._now = now
        self._read: ReadChecklist | None = None
        self._opened: Opened | None = None
        self._from: Opened | None = None
        """What was gone through before the same was chosen everywhere."""
        self._asked = self._asked_detail = 0
        self._is_reading = False
        self._wanted: Key | None = None
        self._chooses_open = False
        self._shown: Line | None = None
        self.title, self.chosen_words = plain_label(name="sectionTitle"), plain_label()
        self.model = LinesModel(finding_columns(lambda: context.theme().look), self)
        self.table = table_of(self.model, "Findings, the worst first")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.detail = FindingDetail()
        self.decisions = DecideDeeds(context, self, now)
        self.follower = OrderFollower(context, self)
        self._letting_go = LettingGo(self)
        self.deeds = Deeds(self, self.table)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self._choosing = QTimer(self)  # one answer for a selection that moves row by row
        self._choosing.setSingleShot(True)
        self._choosing.timeout.connect(self._show_chosen)
        self._add_deeds()
        self._lay_out()
        self._join()

    def _add_deeds(self) -> None:
        self.deeds.add(
            *(
                Deed(key=key, words=words, keys=keys, act=partial(self.decide, kind))
                for key, words, keys, kind in _KINDS
            ),
            Deed(key="again", words="Look again now", keys="R", act=self.look_again),
            Deed(key="same", words="The same everywhere", keys="S", act=self.choose_same),
            Deed(
                key="as before",
                words="Decide as last month",
                keys="D",
                act=self.decide_as_before,
                has_button=False,
            ),
            Deed(
                key="next",
                words="Go to the next open one",
                keys="N",
                act=partial(self.step_to_open, 1),
                has_button=False,
            ),
            Deed(
                key="previous",
                words="Go to the open one before",
                keys="P",
                act=partial(self.step_to_open, -1),
                has_button=False,
            ),
            Deed(
                key="search",
                words="Search the evidence",
                keys="/",
                act=self.detail.evidence.begin_search,
                has_button=False,
            ),
            Deed(key="back", words="Back to the checklist", keys="Esc", act=self.go_back),
        )

    def _lay_out(self) -> None:
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.detail)
        self.splitter.setChildrenCollapsible(False)
        self._turn(Qt.Orientation.Vertical)
        self.table.setMinimumHeight(5 * self.table.verticalHeader().defaultSectionSize())
        self.chosen_words.setWordWrap(False)
        self.chosen_words.setObjectName("faint")
        line = QHBoxLayout()
        line.addWidget(self.title, 1)
        line.addWidget(self.chosen_words)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(6)
        box.addLayout(line)
        self.deed_row = self.deeds.row()
        box.addLayout(self.deed_row)
        box.addWidget(self.splitter, 1)
        self.setFocusProxy(self.table)

    def _join(self) -> None:
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._choosing.start())
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._choosing.start())
        self.detail.evidence.left.connect(self.table.setFocus)
        self.decisions.written.connect(self._take_decision)
        self.follower.moved.connect(self._take_order)
        self.follower.failed.connect(self._context.navigator.say)

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
        return not self._is_reading and not self._choosing.isActive()

    @property
    def chosen_line(self) -> Line | None:
        """The line the choice is on."""
        place = self.table.currentIndex().row()
        return self.model.rows[place] if 0 <= place < len(self.model.rows) else None

    @property
    def chosen_lines(self) -> list[Line]:
        """Every chosen line, in their order."""
        rows, places = self.model.rows, set[int]()
        selection = self.table.selectionModel().selection()
        for number in range(selection.count()):
            one = selection.at(number)
            places.update(range(one.top(), min(one.bottom() + 1, len(rows))))
        return [rows[one] for one in sorted(places)]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the list above the chosen one where there is no room for both side by side."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        wanted = Qt.Orientation.Vertical if is_narrow else Qt.Orientation.Horizontal
        for column in LEFT_OUT_COLUMNS:
            self.table.setColumnHidden(column, event.size().width() < _TIGHT)
        if self.splitter.orientation() is not wanted:
            self._turn(wanted)

    def _turn(self, orientation: Qt.Orientation) -> None:
        is_low = orientation is Qt.Orientation.Vertical
        self.splitter.setOrientation(orientation)
        self.splitter.setSizes([260, 330] if is_low else [530, 470])
        self.detail.turn(Qt.Orientation.Horizontal if is_low else Qt.Orientation.Vertical)

    def open(self, read: ReadChecklist, opened: Opened, wanted: Key | None = None) -> None:
        """Go through a scope; the line of a key is chosen, or the worst."""
        self._read, self._from = read, None
        self._wanted = wanted
        self._show_scope(opened, chooses_open=False)

    def show_read(self, read: ReadChecklist) -> None:
        """Show the same scope as it is now."""
        self._read = read
        if self._opened is not None:
            self._ask_lines()

    def close_scope(self) -> None:
        """Go through nothing."""
        self._opened = self._from = None

    def decide(self, kind: DecisionKind) -> DecideDialog | None:
        """Decide about every chosen line."""
        lines, read = self.chosen_lines, self._read
        if read is None or not lines:
            return None
        return self.decisions.decide(read.checklist, lines, kind)

    def decide_as_before(self) -> DecideDialog | None:
        """Decide as the chosen line was decided in the month before."""
        line = self.chosen_line
        before = line.decided_before if line is not None else None
        if before is None:
            self._context.navigator.say("Last month it was not there, or nobody decided about it.")
            return None
        return self.decide(before.kind)

    def look_again(self) -> None:
        """Have the engine do the chosen check of its server again, now."""
        line, read = self.chosen_line, self._read
        if line is None or read is None or line.check is None or line.is_question:
            self._context.navigator.say("Choose a check of a server: only that can be done again.")
            return
        if self._context.live.engine is None:
            self._context.navigator.say(NoEngine().sentence)
            return
        store, by, now = self._context.store, self._context.asked_by, self._now()
        audit_id, (server_id, check_id, _) = read.checklist.audit.id, line.key
        self._context.navigator.say(f"{check_id} on {inert(line.server_name)} is looked at again …")
        self.follower.place(
            lambda: ask_to_recheck(store, audit_id, server_id, check_id, asked_by=by, now=now),
            lambda failure: self._context.navigator.say(failure.sentence),
        )

    def choose_same(self) -> None:
        """Choose the same item on every server; then all items of the check; then go back."""
        line = self.chosen_line
        if line is None or self._opened is None:
            return
        _, check_id, item = line.key
        scope = self._opened.scope
        if scope.check_id is None:
            self._from = self._from or self._opened
            name = " ".join(part for part in (check_id, inert(item, 80)) if part)
            wanted = Opened(
                scope=Scope(check_id=check_id, item=item),
                title=f"{name or 'Servers that could not be asked'}, on every server",
            )
        elif scope.item is not None and check_id:
            wanted = Opened(
                scope=Scope(check_id=check_id), title=f"{check_id}, every item on every server"
            )
        else:
            self._go_back_from_same()
            return
        self._wanted = line.key
        self._show_scope(wanted, chooses_open=True)

    def go_back(self) -> None:
        """Leave what was chosen everywhere, or the findings."""
        if self._from is not None:
            self._go_back_from_same()
        else:
            self.left.emit()

    def step_to_open(self, by: int) -> None:
        """Go to the next open line, or ask for the next cell."""
        rows, at = self.model.rows, self.table.currentIndex().row()
        places = range(at + 1, len(rows)) if by > 0 else range(at - 1, -1, -1)
        for place in places:
            if rows[place].is_open:
                self.table.selectRow(place)
                return
        self.other_wanted.emit(by)

    def _go_back_from_same(self) -> None:
        before, line = self._from, self.chosen_line
        self._from = None
        if before is not None:
            self._wanted = line.key if line is not None else None
            self._show_scope(before, chooses_open=False)

    def _show_scope(self, opened: Opened, *, chooses_open: bool) -> None:
        self._opened, self._chooses_open = opened, chooses_open
        self.title.setText(f"{opened.title} …")
        self._ask_lines()

    def _ask_lines(self) -> None:
        read, opened = self._read, self._opened
        if read is None or opened is None:
            return
        self._asked += 1
        self._is_reading = True
        self._context.background.call(
            lambda: found_lines(read.checklist, opened.scope),
            partial(self._take_lines, self._asked),
            lambda failure: self._context.navigator.say(failure.sentence),
            self,
        )

    def _take_lines(self, asked: int, found: FoundLines) -> None:
        if asked != self._asked or self._opened is None:
            return
        self._is_reading = False
        before = [one.key for one in self.chosen_lines]
        wanted = self._wanted or (self._shown.key if self._shown is not None else None)
        self._wanted = None
        self._letting_go.hold(self.model.rows)
        self.model.show_rows(found.lines)
        fit_columns(self.table, widest=220)
        self.table.setColumnHidden(SERVER_COLUMN, found.is_one_server and self._from is None)
        self.title.setText(
            f"{self._opened.title}: {len(found.open_places):,} open of {len(found.lines):,}"
            if found.lines
            else f"{self._opened.title}: no check looks at this"
        )
        places = [found.places[key] for key in before if key in found.places]
        if self._chooses_open and found.open_places:
            places = list(found.open_places)
            is_open = wanted is not None and found.places.get(wanted) in found.open_places
            wanted = wanted if is_open else found.lines[places[0]].key
        self._chooses_open = False
        if found.lines:
            self._choose(found, wanted, places)
        self._choosing.start()

    def _choose(self, found: FoundLines, current: Key | None, places: Sequence[int]) -> None:
        """Choose lines; where the current one is not there, the first that is open."""
        at = found.places.get(current) if current is not None else None
        if at is None:
            at = found.open_places[0] if found.open_places else 0
        chosen = set(places) if at in places else {at}
        selection, last = QItemSelection(), self.model.columnCount() - 1
        for first, end in runs_of(sorted(chosen)):
            selection.select(self.model.index(first, 0), self.model.index(end, last))
        model, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        model.setCurrentIndex(self.model.index(at, 0), flags.NoUpdate)
        model.select(selection, flags.ClearAndSelect)
        self.table.scrollTo(self.model.index(at, 0))

    def _show_chosen(self) -> None:
        line, lines = self.chosen_line, self.chosen_lines
        servers = len({one.key[0] for one in lines})
        self.chosen_words.setText(
            f"{len(lines):,} chosen on {servers:,} servers: a decision counts for all"
            * (len(lines) > 1)
        )
        self._enable(line, lines)
        self.line_chosen.emit(line)
        if line is None or self._read is None:
            self._shown = None
            self.detail.show_nothing("Nothing is chosen.")
            return
        if line != self._shown:
            self._ask_detail(self._read, line)
        self._shown = line

    def _enable(self, line: Line | None, lines: Sequence[Line]) -> None:
        """Wake what can be done; where many are chosen, whatever may be."""
        is_open = self._read is not None and self._read.is_open
        for key, _, _, kind in _KINDS:
            is_taken = len(lines) > _SOME or any(one.takes(kind) for one in lines)
            self.deeds.enable(**{key: is_open and is_taken})
        self.deeds.enable(
            again=is_open and line is not None and line.check is not None and not line.is_question,
            same=line is not None,
        )

    def _ask_detail(self, read: ReadChecklist, line: Line) -> None:
        self._asked_detail += 1
        asked, store = self._asked_detail, self._context.store
        if self._shown is None or line.key != self._shown.key:
            self.detail.show_line(line, (), None, self._context.theme().look)

        def work() -> tuple[LineDetail, MarkedText | None]:
            detail = read_detail(store, read, line.key)
            return detail, marked_text(detail.evidence, line.marks)

        self._context.background.call(
            work,
            lambda found: self._take_detail(asked, line, *found),
            self._refuse_detail,
            self,
        )

    def _take_detail(
        self, asked: int, line: Line, detail: LineDetail, shown: MarkedText | None
    ) -> None:
        if asked == self._asked_detail:
            self.detail.show_line(line, detail.months, shown, self._context.theme().look)

    def _refuse_detail(self, failure: ConsoleError) -> None:
        self._context.navigator.say(failure.sentence)

    def _take_decision(self, keys: Sequence[Key], wanted: Wanted) -> None:
        """Show at once what was decided on one line, and go to the next open one."""
        at, rows = self.table.currentIndex().row(), self.model.rows
        is_this = len(keys) == 1 and 0 <= at < len(rows) and rows[at].key == keys[0]
        if is_this and wanted.kind is not DecisionKind.REOPENED:
            shown = [*rows[:at], self._decided(rows[at], wanted), *rows[at + 1 :]]
            self.model.show_rows(shown)
            order = (*range(at + 1, len(rows)), *range(at))
            following = next((place for place in order if shown[place].is_open), None)
            if following is not None:
                self.table.selectRow(following)
        self.changed.emit()

    def _decided(self, line: Line, wanted: Wanted) -> Line:
        if self._read is None:
            return line
        decision = Decision(
            id=0,
            audit_id=self._read.checklist.audit.id,
            server_id=line.key[0],
            check_id=line.key[1],
            item=line.key[2],
            kind=wanted.kind,
            reason=wanted.reason,
            until=wanted.until,
            owner=wanted.owner,
            by=self._context.asked_by,
            at=self._now(),
        )
        return replace(line, decision=decision, need=Need.NOTHING, mark=Mark.DECIDED)

    def _take_order(self, order: Order) -> None:
        if order.state.is_closed:
            outcome = order.outcome or {}
            self._context.navigator.say(str(outcome.get("sentence") or "It was withdrawn."))
            self._shown = None
            self.changed.emit()
