"""What a person does to the servers chosen on the fleet page, with keys. GUI thread only."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.evidence.opening import open_evidence
from noc_console.desk.evidence.recording_deeds import RecordingDeeds
from noc_console.desk.fleet.fleet_actions import FleetDeed
from noc_console.desk.fleet.fleet_deeds import FleetDeeds
from noc_console.desk.fleet_edit import opening
from noc_console.desk.gate.opening import open_reboot
from noc_console.desk.ssh_copying import SSH_COMMAND_KEYS, copy_ssh_command
from noc_console.fleet.server import Server


class ChosenDeeds:
    """Asks `chosen` for the servers when something is to be done; dialogs belong to `page`."""

    def __init__(
        self,
        context: DeskContext,
        chosen: Callable[[], Sequence[Server]],
        deeds: FleetDeeds,
        recording: RecordingDeeds,
        page: QWidget,
    ) -> None:
        """Have done nothing yet."""
        self._context = context
        self._chosen = chosen
        self._deeds = deeds
        self._recording = recording
        self._page = page

    def of_page(self) -> list[FleetDeed]:
        """Give what can be done, for the page's actions."""
        one = self._with_one
        return [
            FleetDeed(key="edit", words="&Edit…", keys="F2 E", act=self._edit, needs="some"),
            FleetDeed(
                key="duplicate",
                words="D&uplicate…",
                keys="Ctrl+D",
                act=one(opening.copy_server),
                needs="one",
            ),
            FleetDeed(
                key="read",
                words="&Read now",
                keys="F5",
                act=lambda: self._deeds.read_now(self._chosen()),
                needs="some",
                is_of_page=True,
            ),
            FleetDeed(
                key="record",
                words="Re&cord now, or stop",
                keys="Ctrl+R",
                act=self._record,
                needs="some",
                is_of_page=True,
            ),
            FleetDeed(
                key="evidence",
                words="E&vidence",
                keys="Ctrl+Shift+E",
                act=one(open_evidence),
                needs="one",
                is_of_page=True,
            ),
            FleetDeed(
                key="incident",
                words="Open an &incident…",
                keys="I",
                act=self._open_incident,
                needs="some",
            ),
            FleetDeed(
                key="test",
                words="&Test the connection…",
                keys="T",
                act=one(opening.test_server),
                needs="one",
            ),
            FleetDeed(
                key="login",
                words="Copy the SSH &login",
                keys=SSH_COMMAND_KEYS,
                act=one(lambda context, server_id, _: copy_ssh_command(context, server_id)),
                needs="one",
            ),
            FleetDeed(
                key="reboot", words="Re&boot…", keys="Ctrl+B", act=one(open_reboot), needs="one"
            ),
            FleetDeed(
                key="delete",
                words="&Delete…",
                keys="Del",
                act=lambda: self._deeds.ask_to_delete(self._chosen()),
                needs="some",
            ),
        ]

    def _with_one(self, act: Callable[[DeskContext, int, QWidget], object]) -> Callable[[], object]:
        def do() -> None:
            for server in self._chosen()[:1]:
                act(self._context, server.id, self._page)

        return do

    def _edit(self) -> None:
        servers = self._chosen()
        if len(servers) == 1:
            self._context.navigator.edit_server(servers[0].id)
        elif servers:
            ids = {server.id for server in servers}
            tell = self._deeds.offer_undo_of_edit
            opening.edit_servers(self._context, ids, self._page, tell)

    def _record(self) -> None:
        """Record the chosen servers; a single one that is recorded already is stopped."""
        ids = [server.id for server in self._chosen()]
        if len(ids) == 1:
            self._recording.toggle(ids[0])
        elif ids:
            self._recording.record(ids)

    def _open_incident(self) -> None:
        from noc_console.desk.incidents.opening import open_from_servers

        open_from_servers(self._context, [one.id for one in self._chosen()], self._page)
