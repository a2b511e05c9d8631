"""A tab of an audit about what logs told: rows above, the chosen one in pictures and lines below.

GUI thread only; read in the background, and again only when something was collected.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from noc_console.audit.checklist_reading import ReadChecklist
from noc_console.audit.decision import Key
from noc_console.audit.not_told import NotTold
from noc_console.desk.context import DeskContext
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert

Row = TypeVar("Row")
_SHARES = [340, 460]
_NAMED = 4
_REST = 10
"""So many times as long as a reading took, nothing is read again."""
_MANY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """What stands where there is no row: a title, what to do, and the finding where it is done."""

    title: str
    sentence: str
    key: Key | None = None


class ToldTab(RowsPanel[Row], Generic[Row]):
    """One of these says its columns, reads an audit's panel, and shows the chosen row."""

    finding_wanted = Signal(object)
    """The key of a finding: server, check, item."""

    def __init__(
        self, context: DeskContext, name: str, columns: Sequence[Column[Row]], widest: int = 240
    ) -> None:
        """Show nothing before an audit is chosen."""
        super().__init__(context, name, columns, widest)
        self._checklist: ReadChecklist | None = None
        self._read_for: ReadChecklist | None = None
        self._is_reading = False
        self._began_s = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._read_if_looked_at)
        self.summary = plain_label()
        self.about = plain_label()
        self.below = QWidget()
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.stack)
        self.split.addWidget(self.below)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes(_SHARES)
        self.below.hide()

    @property
    def is_settled(self) -> bool:
        """Whether all of it is there."""
        return not self._is_reading and (not self._rest.isActive() or self._is_current())

    @property
    def audit_id(self) -> int:
        """The audit that is shown; 0 where there is none."""
        return self._checklist.checklist.audit.id if self._checklist is not None else 0

    def show_checklist(self, checklist: ReadChecklist | None) -> None:
        """Follow the chosen audit; what was decided changes nothing here."""
        self._checklist = checklist
        self._read_if_looked_at()

    def showEvent(self, event: QShowEvent) -> None:
        """Read when somebody looks, if something is newer."""
        QWidget.showEvent(self, event)
        self._read_what_is_new()

    def read(self) -> None:
        """Read the audit anew."""
        self._is_reading, self._read_for = True, self._checklist
        self._began_s = time.monotonic()
        super().read()

    def _read_what_is_new(self) -> None:
        """One reading at a time, with rests: while servers are asked, more is always new."""
        is_free = not self._is_reading and not self._rest.isActive()
        if self._checklist is not None and is_free and not self._is_current():
            self.read()

    def _read_if_looked_at(self) -> None:
        if self.isVisible():
            self._read_what_is_new()

    def _is_current(self) -> bool:
        now, then = self._checklist, self._read_for
        if now is None or then is None:
            return now is then
        is_same_audit = now.checklist.audit.id == then.checklist.audit.id
        return is_same_audit and now.checklist.parts is then.checklist.parts

    def take(self, found: Any) -> None:
        """Show what was read."""
        self._is_reading = False
        rows = self.rows_of(found)
        self.summary.setText(self.summary_of(found))
        if len(rows) > _MANY:
            self.model.show_rows(())  # to tell of each row that changed would hold the window up
        self.show_rows(rows)
        self.below.setVisible(bool(rows))
        if not rows:
            self._show_empty(self.empty(found))
        self._rest.start(round((time.monotonic() - self._began_s) * 1000 * _REST))

    def _show_empty(self, empty: Empty) -> None:
        key, buttons = empty.key, {}
        if key is not None:
            buttons = {"&Go to that finding": lambda: self.finding_wanted.emit(key)}
        self.show_state(empty.title, empty.sentence, buttons)

    def rows_of(self, found: Any) -> Sequence[Row]:
        """Give the rows of what was read."""
        raise NotImplementedError

    def summary_of(self, found: Any) -> str:
        """Give what was read in a line or two."""
        raise NotImplementedError

    def empty(self, found: Any) -> Empty:
        """Give what stands where there is no row."""
        raise NotImplementedError

    def _refuse(self, failure: ConsoleError) -> None:
        self._is_reading = False
        self.below.hide()
        super()._refuse(failure)


def named(names: Sequence[str], what: str) -> str:
    """Give some names after a word or two, bounded; nothing where there are none."""
    if not names:
        return ""
    some = list(dict.fromkeys(names))
    rest = len(some) - _NAMED
    more = f" and {rest:,} more" if rest > 0 else ""
    return f"{what}: {', '.join(inert(one, 60) for one in some[:_NAMED])}{more}."


def nothing_told(title: str, not_told: Sequence[NotTold]) -> Empty:
    """Say how many servers told nothing, the commonest reason, and where that is mended."""
    whys = Counter(why for _, why in dict.fromkeys((one.server_id, one.why) for one in not_told))
    why = whys.most_common(1)[0][0]
    first = next(one for one in not_told if one.why == why)
    servers = counted(len({one.server_id for one in not_told}), "server")
    others = f", for {len(whys):,} reasons, such as" if len(whys) > 1 else ""
    said = f"{servers} could not be read{others}: {inert(why, 200)}"
    return Empty(
        title=title,
        sentence=f"{said} Mend that, then press R on its finding: it is looked at again.",
        key=(first.server_id, first.check_id, ""),
    )


def counted(number: int, thing: str, things: str = "") -> str:
    """Give a number with its thing: `1 sender`, `2 senders`."""
    return f"{number:,} {thing if number == 1 else things or f'{thing}s'}"
