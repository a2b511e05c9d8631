"""The gate's buttons and keys on a server's page."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.gate import opening
from noc_console.desk.widgets.rows_table import short_tip
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server, ServerKind
from noc_console.incidents.gate.gate import ActKind, GateAct
from noc_console.incidents.gate.gate_records import open_acts

REBOOT_KEYS, RESTART_KEYS = "Ctrl+B", "Ctrl+Shift+S"


def add_gate(
    context: DeskContext, server: Server, page: QWidget, add_button: Callable[[QWidget], object]
) -> None:
    """Give a server's page its ways to the gate; the engine's own machine is never rebooted."""
    deeds: list[tuple[str, str, str, Callable[[], object]]] = [
        (
            "Res&tart…",
            RESTART_KEYS,
            "Restart a service of this server",
            lambda: opening.open_restart(context, server.id, page),
        )
    ]
    if server.kind is ServerKind.SSH:
        deeds.append(
            (
                "Re&boot…",
                REBOOT_KEYS,
                "Reboot this server",
                lambda: opening.open_reboot(context, server.id, page),
            )
        )
    for words, keys, tip, act in deeds:
        button = QPushButton(words)
        button.setToolTip(f"{tip} ({keys})")
        button.setAccessibleName(tip)
        button.clicked.connect(lambda _=False, act=act: act())
        add_button(button)
        shortcut = QShortcut(QKeySequence(keys), page, act)
        shortcut.setWhatsThis(tip)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if context.past_readings is None:  # what is under way is of now
        add_button(UnderWay(context, server.id, page))


class UnderWay(QPushButton):
    """Says on a server's page that it is being rebooted or a service restarted, and by whom.

    Every desk sees it; pressing it shows how far it is.
    """

    def __init__(self, context: DeskContext, server_id: int, page: QWidget) -> None:
        """Hidden while nothing is under way."""
        super().__init__(page)
        self._context = context
        self._server_id = server_id
        self._page = page
        self._kind = ActKind.REBOOT
        self.hide()
        self.clicked.connect(self._watch)
        context.live.incidents_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Look in the background whether something is under way."""
        store, server_id = self._context.store, self._server_id

        def look() -> GateAct | None:
            return next((one for one in open_acts(store) if one.server_id == server_id), None)

        self._context.background.call(look, self._show, lambda _: None, self)

    def _watch(self) -> None:
        is_reboot = self._kind is ActKind.REBOOT
        ask = opening.open_reboot if is_reboot else opening.open_restart
        ask(self._context, self._server_id, self._page)

    def _show(self, act: GateAct | None) -> None:
        self.setVisible(act is not None)
        if act is not None:
            self._kind = act.kind
            is_reboot = act.kind is ActKind.REBOOT
            what = "Rebooting" if is_reboot else f"Restarting {inert(act.service, 30)}"
            self.setText(f"▲  {what}: {inert(act.asked_by, 40)}, {inert(act.state.value)}")
            self.setToolTip(short_tip(f"Reason: {inert(act.reason, 200)}. Press to watch."))
            self.setAccessibleName(self.text())
