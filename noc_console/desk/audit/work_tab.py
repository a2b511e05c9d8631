"""The work that is planned for findings: its notice, what was found before it and after it.

GUI thread only; read in the background.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from noc_console.audit.audit_records import servers_of
from noc_console.audit.finding import Result
from noc_console.audit.mending import Mending, mending_text
from noc_console.audit.mending_records import mendings_of
from noc_console.desk.audit.long_words import broken_up
from noc_console.desk.context import DeskContext
from noc_console.desk.rows_panel import RowsPanel
from noc_console.desk.widgets.deed import Deed
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.desk.widgets.rows_table import Column
from noc_console.fleet.inert import inert
from noc_console.health.verdict import Verdict
from noc_console.incidents.times import clock_text
from noc_console.notices.notice_records import StoredNotice, UnknownNotice, get_notice
from noc_console.notices.posting import NoticeState
from noc_console.store.store import Store

_EMPTY_TITLE = "No work is planned for a finding"
_EMPTY = (
    "Choose a finding on the checklist and press M: the notice of the work is begun with reason"
    " and benefit. When the work is over the check is asked again, and before and after stand here."
)
_SAYS = {
    Result.FAIL: ("still there", Verdict.CUT_OFF),
    Result.WARN: ("still there", Verdict.EARLY),
    Result.NOT_MEASURED: ("not measured", Verdict.UNKNOWN),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """One finding and the work on it; `notice` is None where its notice is gone."""

    mending: Mending
    server_name: str
    notice: StoredNotice | None

    @property
    def words(self) -> str:
        """Give in a word or two what came of it."""
        after = self.mending.after_result
        if after is not None:
            return _SAYS[after][0] if after in _SAYS else "mended"
        if self.notice is None or self.notice.state is NoticeState.CANCELLED:
            return "called off"
        return "looked at again soon" if self.notice.state is NoticeState.DONE else "planned"

    @property
    def verdict(self) -> Verdict | None:
        """Give how bad what came of it is; None where nobody has to look."""
        after = self.mending.after_result
        return _SAYS[after][1] if after in _SAYS else None

    @property
    def urgency(self) -> tuple[bool, int, int]:
        """Give the place in the order in which people look."""
        verdict = self.verdict
        return verdict is None, 0 if verdict is None else verdict.urgency, self.mending.id


def read_work(store: Store, audit_id: int) -> list[WorkRow]:
    """Read the work that is planned for the findings of an audit, what needs a person first."""
    found = mendings_of(store, audit_id)
    names = {one.server_id: one.server_name for one in servers_of(store, audit_id)}
    notices = {one: _notice(store, one) for one in {one.notice_id for one in found}}
    rows = [
        WorkRow(
            mending=one,
            server_name=names.get(one.server_id, f"server {one.server_id}"),
            notice=notices[one.notice_id],
        )
        for one in found
    ]
    return sorted(rows, key=lambda one: one.urgency)


def _notice(store: Store, notice_id: int) -> StoredNotice | None:
    try:
        return get_notice(store, notice_id)
    except UnknownNotice:
        return None


class WorkTab(RowsPanel[WorkRow]):
    """Enter opens the notice, G goes to the finding."""

    finding_wanted = Signal(object)
    """The key of a finding."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime]) -> None:
        """Show nothing before an audit is chosen."""
        super().__init__(context, "Planned work", _columns(context, now), widest=220)
        self._audit_id: int | None = None
        self.deeds.add(
            Deed(
                key="notice",
                words="Open the notice",
                keys="Return Enter",
                act=self._open_notice,
                on_table=True,
            ),
            Deed(key="finding", words="Go to the finding", keys="G", act=self._open_finding),
        )
        self.detail = plain_label(name="faint")
        self.box.addLayout(self.deeds.row())
        self.box.addWidget(self.stack, 1)
        self.box.addWidget(self.detail)
        self.table.doubleClicked.connect(lambda _: self._open_notice())
        for changed in (context.live.audits_changed, context.live.notices_changed):
            changed.connect(self.read_if_shown)
        self.choice_changed()

    def show_audit(self, audit_id: int | None) -> None:
        """Show the work of another audit."""
        if audit_id != self._audit_id:
            self._audit_id = audit_id
            self.read_if_shown()

    def reading(self) -> Callable[[], Any]:
        """Give the work that reads the rows."""
        store, audit_id = self.context.store, self._audit_id
        return lambda: read_work(store, audit_id) if audit_id is not None else []

    def take(self, found: Any) -> None:
        """Show what was read."""
        if found:
            self.stack.setCurrentWidget(self.table)
            self.show_rows(found)
        else:
            self.show_rows(())
            self.show_state(_EMPTY_TITLE, _EMPTY, {})

    def key_of(self, row: WorkRow) -> Hashable:
        """Give what makes a row the same one."""
        return row.mending.id

    def choice_changed(self) -> None:
        """Tell all of the chosen one."""
        row = self.chosen if self.panel is None else None
        self.deeds.enable(
            notice=row is not None and row.notice is not None, finding=row is not None
        )
        words = inert(mending_text(row.mending), 1200) if row is not None else ""
        self.detail.setText(broken_up(words))

    def _open_notice(self) -> None:
        row = self.chosen
        if row is not None and row.notice is not None:
            self.context.navigator.open_notice(row.notice.id)

    def _open_finding(self) -> None:
        row = self.chosen
        if row is not None:
            self.finding_wanted.emit(row.mending.key)


def _columns(context: DeskContext, now: Callable[[], datetime]) -> Sequence[Column[WorkRow]]:
    def shape(row: WorkRow) -> str:
        verdict = row.verdict
        return "●" if verdict is None else context.theme().look.shapes[verdict]

    def colour(row: WorkRow) -> QColor | None:
        look = context.theme().look
        return look.faint if row.verdict is None else look.colour(row.verdict)

    return (
        Column(title="Came of it", text=lambda row: f"{shape(row)} {row.words}", colour=colour),
        Column(title="Check", text=lambda row: row.mending.check_id),
        Column(title="Item", text=lambda row: inert(row.mending.item, 80)),
        Column(title="Server", text=lambda row: inert(row.server_name, 80)),
        Column(title="Notice", text=_notice_words),
        Column(title="Work", text=lambda row: _work_words(row, now())),
        Column(title="Before", text=lambda row: row.mending.before_result.value),
        Column(title="After", text=lambda row: _after_words(row, now()), stretch=True),
    )


def _notice_words(row: WorkRow) -> str:
    if row.notice is None:
        return f"{row.mending.notice_id}: gone"
    return f"{row.notice.id}: {inert(row.notice.notice.title, 60) or '(no title yet)'}"


def _work_words(row: WorkRow, now: datetime) -> str:
    if row.notice is None:
        return ""
    starts_at = row.notice.notice.starts_at
    when = clock_text(starts_at, now) if starts_at is not None else "no time yet"
    return f"{row.notice.state.value}, {when}"


def _after_words(row: WorkRow, now: datetime) -> str:
    one = row.mending
    if one.after_result is None or one.after_at is None:
        return "asked again, not answered yet" if one.asked_at is not None else ""
    return f"{one.after_result.value}, {clock_text(one.after_at, now)}"
