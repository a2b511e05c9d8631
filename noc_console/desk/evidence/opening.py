"""Opens a server's evidence: what pages and menus call."""

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.evidence_window import EvidenceWindow
from noc_console.desk.widgets.fitting import fit_to_screen


def open_evidence(
    context: DeskContext, server_id: int, parent: QWidget, recording_id: int | None = None
) -> EvidenceWindow | None:
    """Show a server's evidence; None when the live fleet no longer has the server.

    The window stays open beside the page: people compare the two.
    """
    server = context.live.by_id.get(server_id)
    if server is None:
        return None
    window = EvidenceWindow(context, server, parent.window(), recording_id=recording_id)
    fit_to_screen(window)
    window.show()
    return window
