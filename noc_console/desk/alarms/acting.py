"""A person acts on the alarms chosen in a table: actions, what is asked before, and the deed.

GUI thread only. The page of alarms and that of a server have one each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from noc_console.desk.alarms.act_dialog import ActDialog
from noc_console.desk.alarms.alarm_actions import AlarmActions
from noc_console.desk.alarms.alarm_deeds import AlarmDeeds
from noc_console.desk.alarms.alarm_rows import row_of
from noc_console.desk.alarms.alarm_table import AlarmTable
from noc_console.desk.context import DeskContext
from noc_console.desk.widgets.page_actions import Deed
from noc_console.health.alarm import Alarm

if TYPE_CHECKING:  # loaded when it is first wanted
    from noc_console.desk.notices.first_words import FirstWords

_REASONS_KEY = "alarms.reasons"
_MOST_REASONS = 8


class AlarmActing(QObject):
    """The acts on what is chosen in one table; keys hold where the table has the focus."""

    actions: AlarmActions

    def __init__(
        self,
        context: DeskContext,
        page: QWidget,
        table: AlarmTable,
        say: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        """Act in the name of the person at this desk; `say` shows what came of it."""
        super().__init__(page)
        self._context = context
        self._page = page
        self._table = table
        self._now = now
        self._deeds = AlarmDeeds(context, say, page, now)
        self._first_words: FirstWords | None = None
        table.doubleClicked.connect(lambda _: self._open_server())

    def offer(self, more: Sequence[Deed] = ()) -> None:
        """Put the actions on the page, and more deeds of its own."""
        self.actions = AlarmActions(self._page, self._table, [*self._acts(), *more])
        self._table.selectionModel().selectionChanged.connect(lambda *_: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Wake what can be done with what is chosen now."""
        self.actions.show_alarms(self._table.chosen(), self._context.asked_by)

    def _acts(self) -> list[Deed]:
        deeds, chosen = self._deeds, self._table.chosen
        return [
            Deed(key="open", words="&Open the server", keys="Return Enter", act=self._open_server),
            Deed(key="acknowledge", words="&Acknowledge…", keys="A", act=self._acknowledge),
            Deed(
                key="claim", words="&Claim", keys="C", act=lambda: deeds.claim_or_release(chosen())
            ),
            Deed(key="shelve", words="&Shelve…", keys="S", act=self._shelve),
            Deed(key="unshelve", words="&Unshelve", keys="U", act=lambda: deeds.unshelve(chosen())),
            Deed(
                key="latch", words="&Latch", keys="L", act=lambda: deeds.latch_or_unlatch(chosen())
            ),
            Deed(key="incident", words="Open an &incident", keys="I", act=self._open_incident),
            Deed(key="tell", words="Tell &customers…", keys="N", act=self._tell_customers),
        ]

    def name_of(self, alarm: Alarm) -> str:
        """Give an alarm in a few words."""
        row = row_of(alarm, self._context.live.by_id, {}, {})
        return f"{row.server}: {row.what}"

    def _acknowledge(self) -> None:
        self._ask("Acknowledge", needs_end=False, act=self._deeds.acknowledge)

    def _shelve(self) -> None:
        self._ask("Shelve", needs_end=True, act=self._deeds.shelve)

    def _ask(
        self,
        title: str,
        *,
        needs_end: bool,
        act: Callable[..., None],
    ) -> None:
        alarms = self._table.chosen()
        if not alarms:
            return
        count = f" {len(alarms)} alarms" if len(alarms) > 1 else ""
        dialog = ActDialog(
            f"{title}{count}",
            [self.name_of(one) for one in alarms],
            now=self._now,
            needs_end=needs_end,
            reasons=self._reasons(),
            parent=self._page,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.decided.connect(partial(self._decide, alarms, act))
        dialog.open()

    def _decide(
        self, alarms: Sequence[Alarm], act: Callable[..., None], reason: str, until: object
    ) -> None:
        kept = [reason, *(one for one in self._reasons() if one != reason)]
        self._context.settings.put_layout(_REASONS_KEY, kept[:_MOST_REASONS])
        act(alarms, reason, until)

    def _reasons(self) -> list[str]:
        return [str(one) for one in self._context.settings.get_layout(_REASONS_KEY, [])]

    def _open_incident(self) -> None:
        alarms = self._table.chosen()
        if alarms:
            self._deeds.open_incident(alarms)

    def _tell_customers(self) -> None:
        from noc_console.desk.notices.first_words import FirstWords

        if self._first_words is None:
            self._first_words = FirstWords(self._context, self._page, self._now)
        self._first_words.of_alarms([one.id for one in self._table.chosen()])

    def _open_server(self) -> None:
        current = self._table.current()
        if current is not None and current.server_id is not None:
            self._context.navigator.open_server(current.server_id)
