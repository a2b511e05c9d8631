"""Everything a person can do on the page of notices, as actions with keys and buttons."""

from PySide6.QtWidgets import QToolButton

from noc_console.desk.notices.notice_rows import NoticeRow
from noc_console.desk.widgets.flow_row import FlowRow
from noc_console.desk.widgets.page_actions import PageActions
from noc_console.notices.posting import NoticeState

_OF_ONE = (
    *("open", "ledger", "duplicate", "approve", "end", "update", "done", "extend", "postpone"),
    *("origin", "finding"),
)
_BUTTONS = (
    *("open", "approve", "update", "done", "extend", "postpone", "end", "ledger", "origin"),
    "finding",
)


class NoticeActions(PageActions):
    """Awake where the chosen notice takes them; words say which way an act goes."""

    def show_notice(self, row: NoticeRow | None) -> None:
        """Wake what can be done with this one."""
        is_there = row is not None
        for key in _OF_ONE:
            self.by_key[key].setEnabled(is_there)
        if row is None:
            return
        state, is_scheduled = row.stored.state, row.notice.is_scheduled
        is_in_force = row.stored.live_version is not None and not state.is_over
        for key in ("update", "done"):
            self.by_key[key].setEnabled(is_in_force)
        for key in ("extend", "postpone"):
            self.by_key[key].setEnabled(is_in_force and is_scheduled)
        can_be_approved = state is NoticeState.DRAFT or row.has_new_draft
        self.by_key["approve"].setEnabled(can_be_approved and not state.is_over)
        is_draft = state is NoticeState.DRAFT
        self.by_key["end"].setEnabled(is_draft or (is_in_force and is_scheduled))
        self.by_key["end"].setText("With&draw…" if is_draft else "&Cancel the work…")
        self.by_key["origin"].setEnabled(bool(row.notice.window_id or row.notice.incident_id))
        self.by_key["finding"].setEnabled(bool(row.mends))
        self.by_key["origin"].setText("Its w&indow" if is_scheduled else "Its &incident")
        self.by_key["done"].setText("&Done…" if is_scheduled else "All-clea&r…")

    def buttons(self) -> FlowRow:
        """Give a row of buttons for what is done most; those that cannot be are not there."""
        row = FlowRow()
        for key in _BUTTONS:
            button = QToolButton()
            button.setObjectName("plain")
            action = self.by_key[key]
            button.setDefaultAction(action)
            button.setToolTip(f"{action.text().replace('&', '')} ({action.shortcut().toString()})")
            row.addWidget(button)
            action.enabledChanged.connect(button.setVisible)
            button.setVisible(action.isEnabled())
        return row
