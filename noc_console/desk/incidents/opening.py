"""Ways to incidents from elsewhere in the window: what pages, menus and keys call."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.incidents.answer_desk import AnswerDesk
from noc_console.desk.incidents.incident_deeds import IncidentDeeds
from noc_console.desk.incidents.incident_dialogs import OpenDialog
from noc_console.fleet.inert import inert
from noc_console.incidents.draft import Draft
from noc_console.incidents.incident import MAX_TITLE, Incident, Severity

Now = Callable[[], datetime]


def _utc_now() -> datetime:
    return datetime.now(UTC)


def answer_caller(context: DeskContext, window: QWidget, now: Now = _utc_now) -> AnswerDesk:
    """Show the answer desk of a window; one that is open already comes forward."""
    desk = window.findChild(AnswerDesk)
    if desk is None:
        desk = AnswerDesk(context, window, now)
    desk.open_beside()
    return desk


def open_from_alarms(
    context: DeskContext, alarm_ids: Collection[int], owner: QWidget, now: Now = _utc_now
) -> None:
    """Open an incident of some alarms at once, and show it."""
    _deeds(context, owner, now).open_from(alarm_ids, ())


def open_from_server(
    context: DeskContext, server_id: int, owner: QWidget, now: Now = _utc_now
) -> OpenDialog | None:
    """Open an incident of a server's open alarms at once; of a server without, ask what it is."""
    deeds = _deeds(context, owner, now)
    alarms = context.live.alarms.values()
    if any(one.is_open and one.server_id == server_id for one in alarms):
        deeds.open_from((), [server_id])
        return None
    server = next((one for one in context.live.servers if one.id == server_id), None)
    if server is None:
        return None
    draft = Draft(
        title=inert(server.name, MAX_TITLE),
        severity=Severity.MINOR,
        began_at=now(),
        server_ids=(server_id,),
    )
    dialog = OpenDialog(draft, context.live.servers, owner)
    dialog.decided.connect(partial(deeds.open_asked, dialog))
    dialog.show_fitting()
    return dialog


def _deeds(context: DeskContext, owner: QWidget, now: Now) -> IncidentDeeds:
    def show(incident: Incident) -> None:
        context.navigator.open_incident(incident.id)

    return IncidentDeeds(context, owner, now, show)
