"""The gate's buttons and keys on a server's page."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QPushButton, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.gate import opening
from noc_console.fleet.server import Server, ServerKind

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
