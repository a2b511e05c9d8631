"""Ways to incidents from elsewhere in the window: what pages, menus and keys call."""

from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.incidents.answer_desk import AnswerDesk
from noc_console.desk.incidents.incident_deeds import IncidentDeeds
from noc_console.desk.incidents.incident_dialogs import OpenDialog
from noc_console.fleet.inert import inert
from noc_console.incidents.incident.draft import Draft
from noc_console.incidents.incident.incident import MAX_TITLE, Incident, Severity

INCIDENT_KEYS = "I"
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


def open_from_servers(
    context: DeskContext, server_ids: Collection[int], owner: QWidget, now: Now = _utc_now
) -> OpenDialog | None:
    """Open an incident of some servers' open alarms at once; where there is none, ask what it is.

    None where nothing is asked.
    """
    deeds = _deeds(context, owner, now)
    alarms = context.live.alarms.values()
    if any(one.is_open and one.server_id in server_ids for one in alarms):
        deeds.open_from((), server_ids)
        return None
    servers = [one for one in context.live.servers if one.id in server_ids]
    if not servers:
        return None
    draft = Draft(
        title=inert(servers[0].name if len(servers) == 1 else f"{len(servers)} servers", MAX_TITLE),
        severity=Severity.MINOR,
        began_at=now(),
        server_ids=tuple(one.id for one in servers),
    )
    dialog = OpenDialog(draft, context.live.servers, owner)
    dialog.decided.connect(partial(deeds.open_asked, dialog))
    dialog.show_fitting()
    return dialog


def add_incident_key(context: DeskContext, server_id: int, parts: Iterable[QWidget]) -> None:
    """Give parts of a server's page the key I; its alarms have one of their own."""
    for part in parts:
        act = partial(open_from_servers, context, [server_id], part)
        shortcut = QShortcut(QKeySequence(INCIDENT_KEYS), part, lambda act=act: act())
        shortcut.setWhatsThis("Open an incident about this server")
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)


def _deeds(context: DeskContext, owner: QWidget, now: Now) -> IncidentDeeds:
    def show(incident: Incident) -> None:
        context.navigator.open_incident(incident.id)

    return IncidentDeeds(context, owner, now, show)
