"""Opens the gate's dialog for a server: what pages and menus call."""

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.gate.gate_dialog import GateDialog
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.incidents.gate.gate import ActKind


def open_reboot(context: DeskContext, server_id: int, parent: QWidget) -> GateDialog | None:
    """Ask whether a server is to be rebooted; None when the live fleet no longer has it."""
    return _open(context, server_id, ActKind.REBOOT, parent)


def open_restart(
    context: DeskContext, server_id: int, parent: QWidget, service: str = ""
) -> GateDialog | None:
    """Ask which service of a server is to be restarted; None as `open_reboot`."""
    dialog = _open(context, server_id, ActKind.RESTART_SERVICE, parent)
    if dialog is not None and service:
        dialog.asking.choose_service(service)
    return dialog


def _open(
    context: DeskContext, server_id: int, kind: ActKind, parent: QWidget
) -> GateDialog | None:
    server = context.live.by_id.get(server_id)
    if server is None:
        return None
    dialog = GateDialog(context, server, kind, parent)
    fit_to_screen(dialog)
    dialog.open()
    return dialog
