"""Evidence before a reboot: asked of the flight recorder by the same order a person places.

It is bounded: a server that dies while it is asked is rebooted all the same, and why there is
little evidence is said.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from noc_console.fleet.server import Server
from noc_console.store.orders import OrderState, cancel, get, place
from noc_console.store.store import Store

RECORD_NOW = "record now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What came of it: the recording's number, if there is one, and a sentence."""

    recording_id: int | None
    words: str
    ok: bool


def take_evidence(
    store: Store,
    server: Server,
    *,
    why: str,
    asked_by: str,
    within_s: float,
    now: Callable[[], datetime],
    wait: Callable[[float], object],
) -> Evidence:
    """Have the recorder begin, and give it `within_s` to bring in what it can."""
    ends_s = time.monotonic() + within_s
    order_id = place(
        store,
        RECORD_NOW,
        server_id=server.id,
        request={"reason": why},
        asked_by=asked_by,
        now=now(),
    )
    order = get(store, order_id)
    while not order.state.is_closed and time.monotonic() < ends_s:
        wait(0.2)
        order = get(store, order_id)
    if not order.state.is_closed:
        cancel(store, order_id, now())
        return _none(f"the recorder did not begin within {within_s:.0f} s")
    outcome = order.outcome or {}
    if order.state is not OrderState.DONE:
        return _none(str(outcome.get("sentence") or f"the order was {order.state.value}"))
    number = outcome.get("recording_id")
    if not isinstance(number, int):
        return _none("the recorder named no recording")
    return _gathered(number, ends_s, wait)


def _gathered(recording_id: int, ends_s: float, wait: Callable[[float], object]) -> Evidence:
    while time.monotonic() < ends_s:
        wait(0.5)
    words = f"recording {recording_id} is under way"
    return Evidence(recording_id=recording_id, words=words, ok=True)


def _none(why: str) -> Evidence:
    return Evidence(recording_id=None, words=f"no evidence was taken: {why.rstrip('.')}", ok=False)
