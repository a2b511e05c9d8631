"""Opens the dialogs that change the fleet, joined to the store: what pages and menus call."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet_edit.bulk_change import BulkChange
from noc_console.desk.fleet_edit.bulk_dialog import BulkEditDialog
from noc_console.desk.fleet_edit.server_dialog import DialogColours, ServerDialog
from noc_console.desk.widgets.fitting import fit_to_screen
from noc_console.fleet.records import edit_many
from noc_console.fleet.server import Server, ServerKind
from noc_console.health.verdict import Verdict


def add_server(context: DeskContext, parent: QWidget) -> ServerDialog:
    """Ask for a new server."""
    return _open_server(context, None, parent)


def edit_server(context: DeskContext, server_id: int, parent: QWidget) -> ServerDialog | None:
    """Ask for other fields of a server; None when the live fleet no longer has it."""
    server = context.live.by_id.get(server_id)
    return _open_server(context, server, parent) if server is not None else None


def test_server(context: DeskContext, server_id: int, parent: QWidget) -> ServerDialog | None:
    """Open a server's dialog and test its connection; None where there is none to test."""
    server = context.live.by_id.get(server_id)
    if server is not None and server.kind is not ServerKind.SSH:
        context.navigator.say(
            f"{server.name} is read without SSH, so there is no connection to test."
        )
        return None
    dialog = edit_server(context, server_id, parent)
    if dialog is not None:
        dialog.test_button.click()
    return dialog


def copy_server(context: DeskContext, server_id: int, parent: QWidget) -> ServerDialog | None:
    """Ask for a server like another one, whose sites stay where they are; None as `edit_server`."""
    server = context.live.by_id.get(server_id)
    if server is None:
        return None
    template = replace(server, id=0, kind=ServerKind.SSH, sites=())
    return _open_server(context, template, parent)


def edit_servers(
    context: DeskContext,
    server_ids: Collection[int],
    parent: QWidget,
    tell: Callable[[Sequence[tuple[Server, Server]]], object],
) -> BulkEditDialog:
    """Ask what to change on many servers, change it, and `tell` each as it was and as it is."""
    live = context.live.servers
    chosen = [server for server in live if server.id in server_ids]
    dialog = BulkEditDialog(chosen, [server.name for server in live], parent)
    dialog.change_wanted.connect(lambda change: _change(context, dialog, chosen, change, tell))
    _show(dialog)
    return dialog


def _change(
    context: DeskContext,
    dialog: BulkEditDialog,
    chosen: Sequence[Server],
    change: BulkChange,
    tell: Callable[[Sequence[tuple[Server, Server]]], object],
) -> None:
    ids = [server.id for server in chosen]

    def work() -> list[tuple[Server, Server]]:
        edited: list[tuple[Server, Server]] = []

        def change_one(server: Server) -> Server:
            edited.append((server, change.apply(server)))
            return edited[-1][1]

        edit_many(context.store, ids, change_one, datetime.now(UTC))
        return [(before, after) for before, after in edited if before != after]

    def finish(edited: list[tuple[Server, Server]]) -> None:
        tell(edited)
        dialog.accept()

    context.background.call(
        work,
        finish,
        lambda failure: dialog.show_trouble(failure.sentence),
        dialog,
    )


def _open_server(context: DeskContext, before: Server | None, parent: QWidget) -> ServerDialog:
    colours = context.theme().look.colours
    dialog = ServerDialog(
        before,
        context.live.servers,
        store=context.store,
        background=context.background,
        asked_by=context.asked_by,
        colours=DialogColours(
            passed=colours[Verdict.OK].name(), failed=colours[Verdict.DOWN].name()
        ),
        parent=parent,
    )
    dialog.saved.connect(lambda server: context.navigator.say(f"{server.name} is saved."))
    _show(dialog)
    return dialog


def _show(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    fit_to_screen(dialog)
    dialog.open()
