"""The run of an audit: asked for, followed, withdrawn, gone on with. GUI thread only.

A run of any desk is shown, for there is one order for all of them. It goes on without a window.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from noc_console.audit.asking import RUN_AUDIT, ask_to_run
from noc_console.audit.audit_records import open_audit
from noc_console.audit.catalogue import checks_folder, load_catalogue
from noc_console.desk.audit.order_follower import OrderFollower
from noc_console.desk.audit.run_dialog import RunDialog, RunWanted
from noc_console.desk.context import DeskContext
from noc_console.desk.order_watch import NoEngine
from noc_console.desk.widgets.plain_label import plain_label
from noc_console.errors import ConsoleError
from noc_console.fleet.inert import inert
from noc_console.fleet.server import Server
from noc_console.store import orders
from noc_console.store.orders import Order, OrderState

_SETTLE_MS = 500
_NO_SERVER = "There is no server to look at yet; add one on the fleet page (Ctrl+N)."
_NO_SUCH = "That is no server and no group; choose one from the list."


class RunBand(QWidget):
    """Hidden while nothing runs."""

    ended = Signal()
    """A run ended, or was withdrawn."""
    moved = Signal()
    """A run was seen, moved on or ended."""
    begun = Signal(int)
    """The number of the audit that is collected."""

    def __init__(self, context: DeskContext, now: Callable[[], datetime], parent: QWidget) -> None:
        """Follow nothing yet."""
        super().__init__(parent)
        self._context = context
        self._now = now
        self.order: Order | None = None
        """The run that is shown."""
        self.words = plain_label(wraps=False)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("How far the run is")
        self.bar.setMaximumWidth(220)
        self.cancel_button = QPushButton("Withdraw the run")
        self.cancel_button.setToolTip("What was collected stays (Ctrl+Shift+X)")
        self.follower = OrderFollower(context, self)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.bar)
        line.addWidget(self.words, 1)
        line.addWidget(self.cancel_button)
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SETTLE_MS)
        self._soon.timeout.connect(self.look)
        self.cancel_button.clicked.connect(self.cancel)
        self.follower.moved.connect(self._take)
        self.follower.failed.connect(context.navigator.say)
        context.live.orders_changed.connect(self._look_soon)

    @property
    def is_running(self) -> bool:
        """Whether a run is on its way."""
        return self.order is not None

    def look(self) -> None:
        """See whether a run is on its way, of whichever desk."""
        if self.follower.order_id is not None:
            return
        store = self._context.store
        self._context.background.call(
            lambda: orders.open_of(store, RUN_AUDIT), self._find, self._say_failure, self
        )

    def ask(self, months: Sequence[str], servers: Sequence[Server]) -> RunDialog | None:
        """Ask what is to be collected, then have it done."""
        if not servers:
            self._context.navigator.say(_NO_SERVER)
            return None
        dialog = RunDialog(months, servers, self.window())
        dialog.decided.connect(partial(self._run_asked, dialog, servers))
        dialog.show_fitting()
        return dialog

    def go_on(self, month: str, server_ids: Sequence[int], servers: Sequence[Server]) -> None:
        """Ask those servers that were not asked to the end."""
        wanted = RunWanted(month=month, server_ids=tuple(server_ids), heavy_now=False)
        self._place(wanted, servers, lambda _id: None, self._say_failure)

    def cancel(self) -> None:
        """Withdraw the run; what was collected stays."""
        if self.order is None:
            return
        store, order_id, now = self._context.store, self.order.id, self._now()
        self.cancel_button.setEnabled(False)
        self._context.background.call(
            lambda: orders.cancel(store, order_id, now),
            lambda _: self._context.navigator.say("Withdrawn; what was collected stays."),
            self._say_failure,
            self,
        )

    def _run_asked(self, dialog: RunDialog, servers: Sequence[Server]) -> None:
        wanted = dialog.wanted()
        if wanted is None:
            dialog.show_trouble(_NO_SUCH)
            return
        self._place(
            wanted,
            servers,
            lambda _id: dialog.accept(),
            lambda failure: dialog.show_trouble(failure.sentence),
        )

    def _place(
        self,
        wanted: RunWanted,
        servers: Sequence[Server],
        done: Callable[[int], object],
        refuse: Callable[[ConsoleError], None],
    ) -> None:
        if self._context.live.engine is None:
            refuse(NoEngine())
            return
        store, by, now = self._context.store, self._context.asked_by, self._now()
        ids = wanted.server_ids
        meant = [one for one in servers if ids is None or one.id in set(ids)]

        def work() -> tuple[int, int]:
            catalogue = load_catalogue(checks_folder(store.location))
            audit = open_audit(
                store, wanted.month, meant, catalogue=catalogue.sha256, by=by, now=now
            )
            order_id = ask_to_run(
                store,
                audit.id,
                servers=None if ids is None else list(ids),
                heavy_now=wanted.heavy_now,
                asked_by=by,
                now=now,
            )
            return audit.id, order_id

        def finish(placed: tuple[int, int]) -> None:
            audit_id, order_id = placed
            done(audit_id)
            self.follower.follow(order_id)
            self.begun.emit(audit_id)

        self._context.background.call(work, finish, refuse, self)

    def _look_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _find(self, found: list[Order]) -> None:
        if found:
            self.follower.follow(found[-1].id)

    def _take(self, order: Order) -> None:
        if order.state.is_closed:
            self.order = None
            self.hide()
            self._context.navigator.say(_ended_words(order))
            self.ended.emit()
            self.look()
            return
        self.order = order
        self.moved.emit()
        self.cancel_button.setEnabled(True)
        self._show(order)

    def _show(self, order: Order) -> None:
        far = _how_far(order.progress)
        self.bar.setRange(0, far.of + far.heavy_of)
        self.bar.setValue(far.done + far.heavy_done)
        self.words.setText(_words(order, far))
        self.show()

    def _say_failure(self, failure: ConsoleError) -> None:
        self._context.navigator.say(failure.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Far:
    """How far a run is; all 0 where nobody knows yet."""

    done: int = 0
    of: int = 0
    heavy_done: int = 0
    heavy_of: int = 0


def _how_far(progress: Sequence[Mapping[str, Any]]) -> _Far:
    """Give what the newest step that tells of it says."""
    empty: Mapping[str, Any] = {}
    told = next((one for one in reversed(progress) if "done" in one and "of" in one), empty)
    names = ("done", "of", "heavy_done", "heavy_of")
    return _Far(**{name: int(told.get(name, 0)) for name in names})


def _words(order: Order, far: _Far) -> str:
    if order.state is OrderState.WAITING:
        return "The run waits for an engine to take it up."
    heavy = f", {far.heavy_done:,} of {far.heavy_of:,} heavy checks" if far.heavy_of else ""
    count = f"{far.done:,} of {far.of:,} servers{heavy}.  " if far.of else ""
    last = order.progress[-1] if order.progress else None
    told = f"{inert(str(last['name']))}: {inert(str(last['sentence']))}" if last else "It begins."
    return f"{count}{told}"


def _ended_words(order: Order) -> str:
    sentence = (order.outcome or {}).get("sentence")
    return str(sentence or "The run was withdrawn; what was collected stays.")
