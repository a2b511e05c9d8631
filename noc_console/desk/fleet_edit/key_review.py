"""Asks a person about a host key, and has an engine carry out what they decide."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from noc_console.desk.context import DeskContext
from noc_console.desk.fleet_edit.host_key_dialog import HostKeyDialog
from noc_console.desk.order_watch import OrderWatch
from noc_console.fleet.failure import Failure
from noc_console.fleet.server import Server
from noc_console.store.orders import Order


def review_host_key(
    context: DeskContext, server: Server, failure: Failure, parent: QWidget
) -> HostKeyDialog:
    """Open the question; what came of the decision is said in the window."""
    question = HostKeyDialog(server, failure, parent)
    watch = OrderWatch(context.store, context.background, context.asked_by, parent)
    say = context.navigator.say
    watch.closed.connect(lambda order: _end(watch, say, _outcome(order)))
    watch.failed.connect(lambda sentence: _end(watch, say, sentence))

    def decide() -> None:
        order = question.order()
        watch.place(order.kind, order.request)

    question.accepted.connect(decide)
    question.rejected.connect(watch.deleteLater)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.open()
    return question


def _outcome(order: Order) -> str:
    return str((order.outcome or {}).get("sentence") or f"The order is {order.state.value}.")


def _end(watch: OrderWatch, say: Callable[[str], None], sentence: str) -> None:
    say(sentence)
    watch.deleteLater()
