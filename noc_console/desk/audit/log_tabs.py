"""The tabs of what logs told, logins and senders, on the page of audits. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noc_console.desk.audit.logins_tab import LoginsTab
from noc_console.desk.audit.senders_tab import SendersTab
from noc_console.desk.widgets.in_slices import InSlices

if TYPE_CHECKING:
    from noc_console.desk.audit.audit_page import AuditPage
    from noc_console.desk.audit.told_tab import ToldTab


class LogTabs:
    """Puts the tabs after those that are there, one in each turn."""

    def __init__(self, page: AuditPage) -> None:
        """Begin soon."""
        self._page = page
        self.logins: LoginsTab | None = None
        self.senders: SendersTab | None = None
        self._steps = InSlices(page, (self._add_logins, self._add_senders))
        page.chosen.connect(self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether both are there, and read."""
        return self._steps.are_done and all(one.is_settled for one in self._tabs())

    def _tabs(self) -> list[ToldTab[Any]]:
        return [one for one in (self.logins, self.senders) if one is not None]

    def _add_logins(self) -> None:
        self.logins = LoginsTab(self._page.context)
        self._add(self.logins, "Logins")

    def _add_senders(self) -> None:
        self.senders = SendersTab(self._page.context)
        self._add(self.senders, "Senders")

    def _add(self, tab: ToldTab[Any], title: str) -> None:
        tabs = self._page.tabs
        last = tabs.count() - 1
        before_work = last if tabs.tabText(last) == "Work" else tabs.count()
        tabs.insertTab(before_work, tab, title)
        tab.finding_wanted.connect(self._page.show_finding)
        tab.show_checklist(self._page.read)

    def _follow(self, read: Any) -> None:
        for tab in self._tabs():
            tab.show_checklist(read)
