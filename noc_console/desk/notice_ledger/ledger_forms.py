"""The forms in which a ledger is exported, of a notice or of a month."""

from noc_console.desk.report_forms import ReportForms
from noc_console.notices.ledger import Ledger, PromiseMonth
from noc_console.notices.ledger_report import (
    ledger_csv,
    ledger_html,
    promises_csv,
    promises_html,
)


def forms_of_ledger(ledger: Ledger) -> ReportForms:
    """Give the forms of a notice's ledger."""
    return ReportForms(
        title=f"Ledger of notice {ledger.stored.id}",
        html=lambda: ledger_html(ledger),
        table=lambda: ledger_csv(ledger),
    )


def forms_of_month(month: PromiseMonth) -> ReportForms:
    """Give the forms of a range's promises."""
    return ReportForms(
        title=f"Promises, {month.range.title}",
        html=lambda: promises_html(month),
        table=lambda: promises_csv(month),
    )
