"""Asking the flight recorder: the same orders from the window and the terminal."""

from collections.abc import Callable
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.store.heartbeat import living_engine
from noc_console.store.orders import Order, OrderState, cancel, get, place
from noc_console.store.store import Store

RECORD_NOW = "record now"
STOP_RECORDING = "stop recording"
TAKEN_WITHIN_S = 30.0
LOOK_EVERY_S = 0.1


class NotRecorded(ConsoleError):
    """The recorder did not do what was asked; the sentence says why."""


def ask_to_record(
    store: Store,
    server_id: int,
    *,
    asked_by: str,
    now: datetime,
    minutes: float | None = None,
    reason: str = "",
) -> int:
    """Ask for a recording; gives the order's number.

    Raises:
        NotRecorded: no engine watches that could record.
    """
    request: dict[str, object] = {"reason": reason}
    if minutes is not None:
        request["minutes"] = minutes
    return _ask(store, RECORD_NOW, server_id, request, asked_by, now)


def ask_to_stop(store: Store, server_id: int, *, asked_by: str, now: datetime) -> int:
    """Ask that a recording ends; gives the order's number.

    Raises:
        NotRecorded: no engine watches.
    """
    return _ask(store, STOP_RECORDING, server_id, {}, asked_by, now)


def outcome_of(
    store: Store,
    order_id: int,
    *,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    wait: Callable[[float], object],
) -> tuple[int, str]:
    """Wait until the recorder has answered; gives the recording's number and a sentence.

    Raises:
        NotRecorded: it refused, or did not answer in time.
    """
    ends_s = clock() + TAKEN_WITHIN_S
    order = get(store, order_id)
    while not order.state.is_closed:
        if clock() > ends_s:
            cancel(store, order_id, now())
            raise NotRecorded(
                f"The engine did not answer within {TAKEN_WITHIN_S:.0f} s, so nothing was asked of "
                "the server; see whether it still watches, with `noc-console status`."
            )
        wait(LOOK_EVERY_S)
        order = get(store, order_id)
    return told_of(order)


def told_of(order: Order) -> tuple[int, str]:
    """Give what a closed order came to: the recording's number and a sentence.

    Raises:
        NotRecorded: it was refused.
    """
    outcome = order.outcome or {}
    sentence = str(outcome.get("sentence") or "The order was cancelled.")
    if order.state is not OrderState.DONE:
        raise NotRecorded(sentence)
    return int(outcome["recording_id"]), sentence


def _ask(
    store: Store,
    kind: str,
    server_id: int,
    request: dict[str, object],
    asked_by: str,
    now: datetime,
) -> int:
    if living_engine(store, now) is None:
        raise NotRecorded(
            "No engine watches this store, so nothing can be recorded; start one with "
            "`noc-console engine`, or open the window, then ask again."
        )
    return place(store, kind, server_id=server_id, request=request, asked_by=asked_by, now=now)
