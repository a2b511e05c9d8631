"""Opens the ledger of a notice: what pages call."""

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.notice_ledger.ledger_window import LedgerWindow


def open_ledger(context: DeskContext, notice_id: int, parent: QWidget) -> LedgerWindow:
    """Show the ledger of a notice in a window of its own; the page beneath goes on."""
    window = LedgerWindow(context, notice_id, parent.window())
    window.show()
    return window
