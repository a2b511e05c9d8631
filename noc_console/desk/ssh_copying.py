"""Put the `ssh` command of a server on the clipboard. GUI thread only.

The desk opens no connection: a person pastes the command into their own terminal.
"""

from PySide6.QtGui import QGuiApplication

from noc_console.desk.context import DeskContext
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.ssh_command import ssh_command

SSH_COMMAND_KEYS = "Ctrl+Shift+L"


def copy_ssh_command(context: DeskContext, server_id: int) -> None:
    """Copy it and say so, or say why there is none; the clipboard is then as it was."""
    by_id = context.live.by_id
    server = by_id.get(server_id)
    if server is None:
        return
    try:
        command = ssh_command(server, {one.name: one for one in by_id.values()})
    except ConsoleError as refusal:
        context.navigator.say(refusal.sentence)
        return
    QGuiApplication.clipboard().setText(command)
    context.navigator.say(f"Copied; paste it into a terminal: {inert(command)}")
