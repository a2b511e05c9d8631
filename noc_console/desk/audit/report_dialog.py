"""Asks of which servers a report of an audit is wanted; then a file, in the form its name says."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from PySide6.QtWidgets import QComboBox, QWidget

from noc_console.audit.audit import Audit, AuditServer
from noc_console.audit.audit_records import get_audit, servers_of
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.audit.report import AuditReport
from noc_console.audit.report_document import as_csv, as_html, as_json
from noc_console.audit.report_reading import read_report
from noc_console.desk.context import DeskContext
from noc_console.desk.report_forms import ReportForms
from noc_console.desk.widgets.form_dialog import FormDialog
from noc_console.fleet.inert import inert
from noc_console.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Reportable:
    """An audit and the servers in it."""

    audit: Audit
    servers: tuple[AuditServer, ...]


def read_reportable(store: Store, audit_id: int) -> Reportable:
    """Read of what there can be a report; off the GUI thread.

    Raises:
        ConsoleError: there is no such audit.
    """
    return Reportable(audit=get_audit(store, audit_id), servers=tuple(servers_of(store, audit_id)))


class ReportDialog(FormDialog):
    """One report is of the whole audit, a group, a customer or a server. `decided`: ask a file."""

    def __init__(self, reportable: Reportable, parent: QWidget | None) -> None:
        """Begin with the whole audit."""
        audit = reportable.audit
        about = (
            f"The audit of {audit.month}, {inert(audit.scope)}: the verdict, what is open with its"
            " evidence, what changed, what was decided, and how to verify it. PDF or HTML for"
            " people, CSV or JSON for machines."
        )
        super().__init__("Report of the audit", about, "Choose the &file…", parent)
        self.of, self.which = QComboBox(), QComboBox()
        self._names = _names(reportable.servers)
        for kind in self._names:
            self.of.addItem(kind)
        self.add_field("&Of", self.of)
        self.add_field("&Which", self.which)
        self.of.currentIndexChanged.connect(lambda _: self._show_names())
        self._show_names()

    def chosen(self) -> tuple[str, str]:
        """Give of what: (`server`, `group`, `customer` or nothing, its name)."""
        kind, place = self.of.currentText().lower(), self.which.currentIndex()
        names = self._names[self.of.currentText()]
        return (kind, names[place]) if names and place >= 0 else ("", "")

    def _show_names(self) -> None:
        names = self._names[self.of.currentText()]
        self.which.clear()
        self.which.addItems([inert(one, 80) for one in names])
        self.form.setRowVisible(self.which, bool(names))


def forms_of(
    context: DeskContext, audit: Audit, kind: str, name: str, now: Callable[[], datetime]
) -> ReportForms:
    """Give a report in its forms; it is read from the store when the first of them is made."""
    store = context.store

    @cache
    def report() -> AuditReport:
        chosen = {kind: name} if kind else {}
        return read_report(
            store, audit.id, load_catalogue(checks_folder(store.location)), now(), **chosen
        )

    of = f", {kind} {inert(name, 60)}" if kind else ""
    return ReportForms(
        title=f"Audit of {audit.month}{of}",
        html=lambda: as_html(report()),
        table=lambda: as_csv(report()),
        plain=lambda: json.dumps(as_json(report()), indent=1),
    )


def _names(servers: Sequence[AuditServer]) -> dict[str, tuple[str, ...]]:
    found = {
        "Whole audit": set[str](),
        "Group": {group for one in servers for group in one.groups},
        "Customer": {customer for one in servers for customer in one.customers},
        "Server": {one.server_name for one in servers},
    }
    return {
        kind: tuple(sorted(names, key=str.casefold))
        for kind, names in found.items()
        if names or kind == "Whole audit"
    }
