"""Planned work on the page of audits: M on findings, and a tab. GUI thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noc_console.desk.audit.work_tab import WorkTab
from noc_console.desk.sending.deed import Deed

if TYPE_CHECKING:
    from noc_console.desk.audit.audit_page import AuditPage


class WorkKeys:
    """Puts the key and the tab on a page."""

    def __init__(self, page: AuditPage) -> None:
        """Put them on."""
        self._page = page
        self.tab = WorkTab(page.context, page.now)
        page.tabs.addTab(self.tab, "Work")
        self.tab.finding_wanted.connect(page.show_finding)
        page.chosen.connect(lambda _: self._follow())
        findings = page.checklist.findings
        findings.deeds.add(
            Deed(key="notice", words="Maintenance notice…", keys="M", act=self._plan_notice)
        )
        findings.deed_row.addWidget(findings.deeds.buttons["notice"])

    def _follow(self) -> None:
        audit = self._page.audit
        self.tab.show_audit(audit.id if audit is not None else None)

    def _plan_notice(self) -> None:
        page = self._page
        lines = [one for one in page.checklist.findings.chosen_lines if one.key[1] and one.key[0]]
        if page.audit is None or not lines:
            page.context.navigator.say("Choose a finding of a server: its work is to be told of.")
            return
        from noc_console.desk.audit.finding_notice import open_notice_of_findings

        keys = [one.key for one in lines]
        open_notice_of_findings(page.context, page.audit.id, keys, page.now(), page)
