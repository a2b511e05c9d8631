"""Planned work on the page of audits: M on findings, and a tab. GUI thread only."""

from collections.abc import Callable

from PySide6.QtWidgets import QTabWidget

from noc_console.audit.decision import Key
from noc_console.desk.audit.chosen_audit import ChosenAudit
from noc_console.desk.audit.findings_panel import FindingsPanel
from noc_console.desk.audit.work_tab import WorkTab
from noc_console.desk.widgets.deed import Deed


class WorkKeys:
    """Puts the key on the findings of the chosen audit, and the tab after those that are there."""

    def __init__(
        self,
        chosen: ChosenAudit,
        tabs: QTabWidget,
        findings: FindingsPanel,
        show_finding: Callable[[Key], object],
    ) -> None:
        """Put them on; `show_finding` is called with what the tab leads to."""
        self._chosen = chosen
        self._findings = findings
        self.tab = WorkTab(chosen.context, chosen.now)
        tabs.addTab(self.tab, "Work")
        self.tab.finding_wanted.connect(show_finding)
        chosen.changed.connect(lambda _: self._follow())
        findings.deeds.add(
            Deed(key="notice", words="Maintenance notice…", keys="M", act=self._plan_notice)
        )
        findings.deed_row.addWidget(findings.deeds.buttons["notice"])

    def _follow(self) -> None:
        audit = self._chosen.audit
        self.tab.show_audit(audit.id if audit is not None else None)

    def _plan_notice(self) -> None:
        audit, context = self._chosen.audit, self._chosen.context
        lines = [one for one in self._findings.chosen_lines if one.key[1] and one.key[0]]
        if audit is None or not lines:
            context.navigator.say("Choose a finding of a server: its work is to be told of.")
            return
        from noc_console.desk.audit.finding_notice import open_notice_of_findings

        keys = [one.key for one in lines]
        now = self._chosen.now()
        open_notice_of_findings(context, audit.id, keys, now, self._findings)
