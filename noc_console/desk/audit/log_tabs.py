"""The tabs of what logs told, logins and senders, on the page of audits. GUI thread only."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QTabWidget

from noc_console.audit.decision import Key
from noc_console.desk.audit.chosen_audit import ChosenAudit
from noc_console.desk.audit.logins_tab import LoginsTab
from noc_console.desk.audit.senders_tab import SendersTab
from noc_console.desk.audit.told_tab import ToldTab
from noc_console.desk.widgets.in_slices import InSlices


class LogTabs:
    """Puts the tabs after those that are there, one in each turn."""

    def __init__(
        self, chosen: ChosenAudit, tabs: QTabWidget, show_finding: Callable[[Key], object]
    ) -> None:
        """Begin soon; `show_finding` is called with what a tab leads to."""
        self._chosen = chosen
        self._among = tabs
        self._show_finding = show_finding
        self.logins: LoginsTab | None = None
        self.senders: SendersTab | None = None
        self._steps = InSlices(tabs, (self._add_logins, self._add_senders))
        chosen.changed.connect(self._follow)

    @property
    def is_settled(self) -> bool:
        """Whether both are there, and read."""
        return self._steps.are_done and all(one.is_settled for one in self._tabs())

    def _tabs(self) -> list[ToldTab[Any]]:
        return [one for one in (self.logins, self.senders) if one is not None]

    def _add_logins(self) -> None:
        self.logins = LoginsTab(self._chosen.context)
        self._add(self.logins, "Logins")

    def _add_senders(self) -> None:
        self.senders = SendersTab(self._chosen.context)
        self._add(self.senders, "Senders")

    def _add(self, tab: ToldTab[Any], title: str) -> None:
        tabs = self._among
        last = tabs.count() - 1
        before_work = last if tabs.tabText(last) == "Work" else tabs.count()
        tabs.insertTab(before_work, tab, title)
        tab.finding_wanted.connect(self._show_finding)
        tab.show_checklist(self._chosen.read)

    def _follow(self, read: Any) -> None:
        for tab in self._tabs():
            tab.show_checklist(read)
