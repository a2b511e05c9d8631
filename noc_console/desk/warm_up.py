"""Imports, once the window stands, what pages and dialogs will need: the first click finds it here.

On a thread of its own, a module at a time with a rest after each: two threads that run Python take
turns, and the window's must not wait long for its own. Only modules: no object of Qt is made here.
"""

import importlib
import threading

MODULES = (
    "noc_console.desk.server.server_page",
    "noc_console.desk.alarms.alarms_page",
    "noc_console.desk.incidents.incidents_page",
    "noc_console.desk.incidents.answer_desk",
    "noc_console.desk.windows.windows_page",
    "noc_console.desk.availability.availability_page",
    "noc_console.desk.handover.handover_page",
    "noc_console.desk.recipients.recipients_page",
    "noc_console.desk.notices.notices_page",
    "noc_console.desk.sending.sending_page",
    "noc_console.desk.audit.audit_page",
    "noc_console.desk.settings.settings_page",
    "noc_console.desk.time_machine.time_machine_page",
    "noc_console.desk.fleet_edit.server_dialog",
    "noc_console.desk.wallboard.wallboard",
)
_REST_S = 0.05


class WarmUp:
    """Begins with `start`; `close` waits for the module that is being imported."""

    def __init__(self) -> None:
        """Import nothing yet."""
        self._is_closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="warm-up", daemon=True)

    def start(self) -> None:
        """Import from now on."""
        self._thread.start()

    def close(self, wait_s: float = 2.0) -> None:
        """Import nothing more."""
        self._is_closing.set()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def _run(self) -> None:
        for module in MODULES:
            if self._is_closing.wait(_REST_S):
                return
            importlib.import_module(module)
