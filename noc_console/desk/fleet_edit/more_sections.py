"""The other sections of the server dialog: what is expected, whose sites, groups and notes."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy

from noc_console.desk.fleet_edit.field_rows import FieldRows
from noc_console.desk.fleet_edit.rows_editor import EditorColumn, RowsEditor
from noc_console.desk.fleet_edit.server_form import IMPOSSIBLE_CODE, Field, ServerForm
from noc_console.fleet.server import CheckKind, OutsideCheck, Site

_PAGES = {CheckKind.HTTP.value, CheckKind.HTTPS.value}
_KIND, _TARGET = 0, 1
"""Columns of the outside checks."""
_NO_PARTNER = "(none)"


class ExpectationsSection(FieldRows):
    """The services that must run, and the ports and pages that must answer."""

    def __init__(self) -> None:
        """Make the fields."""
        super().__init__("Services")
        self.services = QPlainTextEdit()
        self.services.setPlaceholderText("nginx\nmariadb\nphp8.2-fpm")
        self.services.setTabChangesFocus(True)
        self.services.setFixedHeight(96)
        self.services.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.checks = RowsEditor(
            (
                EditorColumn(title="Kind", choices=tuple(kind.value for kind in CheckKind)),
                EditorColumn(title="Port or page", stretch=True),
                EditorColumn(title="Service"),
                EditorColumn(title="Text to find"),
                EditorColumn(title="HTTP code"),
            ),
            "check",
        )
        self.checks.typed.connect(self._follow_address)
        self.add_field(
            "&Expected services",
            self.services,
            field=Field.SERVICES,
            hint="One a line, as systemctl shows them.",
        )
        self.add_field(
            "&Outside checks",
            self.checks,
            field=Field.CHECKS,
            is_wide=True,
            hint=(
                "A port (25), host:port, a web address, or for DNS port/name. Name the service"
                " whose outside view it is. HTTP code empty: any below 400."
            ),
        )

    def fill(self, form: ServerForm) -> None:
        """Show a form."""
        self.services.setPlainText(form.services)
        self.checks.show_rows([_row_of(check) for check in form.checks])

    def _follow_address(self, row: int, column: int, text: str) -> None:
        """Choose the kind that a web address names itself."""
        scheme, found, _ = text.strip().partition("://")
        if column == _TARGET and found and scheme in _PAGES:
            self.checks.choose(row, _KIND, scheme)

    def read_checks(self) -> tuple[OutsideCheck, ...]:
        """Give the checks typed; a code that is no number is kept as one that cannot be."""
        return tuple(
            OutsideCheck(
                kind=CheckKind(kind),
                target=target,
                service=service,
                expect_text=text,
                expect_status=_code_of(code),
            )
            for kind, target, service, text, code in self.checks.rows()
        )


def _code_of(text: str) -> int:
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdecimal() else IMPOSSIBLE_CODE


def _row_of(check: OutsideCheck) -> tuple[str, ...]:
    code = str(check.expect_status) if check.expect_status else ""
    return (check.kind.value, check.target, check.service, check.expect_text, code)


class CustomersSection(FieldRows):
    """Whose sites live on the server, and who takes over for it."""

    def __init__(self, others: Sequence[str]) -> None:
        """Make the fields; `others` are the servers that could take over."""
        super().__init__("Customers")
        self.brand = QLineEdit()
        self.sites = RowsEditor(
            (
                EditorColumn(title="Domain", stretch=True),
                EditorColumn(title="Customer", stretch=True),
            ),
            "site",
        )
        self.partner = QComboBox()
        self.partner.addItem(_NO_PARTNER, "")
        for name in others:
            self.partner.addItem(name, name)
        self.add_field("&Brand", self.brand, hint="Under which of your names it is sold.")
        self.add_field(
            "S&ites",
            self.sites,
            field=Field.SITES,
            is_wide=True,
            hint="When the server fails, these customers are the ones to tell.",
        )
        self.add_field(
            "&Redundancy partner",
            self.partner,
            field=Field.PARTNER,
            hint="The server that takes over when this one fails.",
        )

    def fill(self, form: ServerForm) -> None:
        """Show a form; a partner that is gone is shown so that a person can mend it."""
        self.brand.setText(form.brand)
        self.sites.show_rows([(site.domain, site.customer) for site in form.sites])
        if self.partner.findData(form.partner) < 0:
            self.partner.addItem(form.partner, form.partner)
        self.partner.setCurrentIndex(self.partner.findData(form.partner))

    def read_sites(self) -> tuple[Site, ...]:
        """Give the sites typed; a row with a customer but no domain is kept for the check."""
        return tuple(
            Site(domain=domain, customer=customer) for domain, customer in self.sites.rows()
        )


class NotesSection(FieldRows):
    """Groups and what else a colleague must know."""

    def __init__(self) -> None:
        """Make the fields."""
        super().__init__("Groups and notes")
        self.groups = QLineEdit()
        self.notes = QPlainTextEdit()
        self.notes.setTabChangesFocus(True)
        self.notes.setMinimumHeight(160)
        self.add_field(
            "&Groups",
            self.groups,
            field=Field.GROUPS,
            hint="Words with commas between, such as: web, europe.",
        )
        self.add_field(
            "N&otes", self.notes, hint="What a colleague must know at two in the morning."
        )

    def fill(self, form: ServerForm) -> None:
        """Show a form."""
        self.groups.setText(form.groups)
        self.notes.setPlainText(form.notes)
