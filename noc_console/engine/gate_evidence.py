"""Evidence before a reboot: asked of the flight recorder by the same order a person places.

It is bounded: a server that dies while it is asked is rebooted all the same, and why there is
little evidence is said.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from noc_console.fleet.server import Server
from noc_console.incidents.evidence.evidence_records import get_recording
from noc_console.incidents.evidence.recording_asking import NotRecorded, ask_to_record, outcome_of
from noc_console.incidents.gate.gate import counted
from noc_console.store.store import Store

QUIET_S = 6.0
"""When nothing more has come for so long, what can be had quickly is there."""


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
    """Have the recorder begin, and give it at most `within_s` to bring in what it can."""
    ends_s = time.monotonic() + within_s
    try:
        order_id = ask_to_record(store, server.id, asked_by=asked_by, now=now(), reason=why)
        number, _ = outcome_of(store, order_id, now=now, clock=time.monotonic, wait=wait)
    except NotRecorded as error:
        words = f"no evidence was taken: {error.sentence.rstrip('.')}"
        return Evidence(recording_id=None, words=words, ok=False)
    count = _gathered(store, number, ends_s, now, wait)
    words = f"recording {number} holds {counted(count, 'exhibit')} and goes on"
    return Evidence(recording_id=number, words=words, ok=count > 0)


def _gathered(
    store: Store,
    number: int,
    ends_s: float,
    now: Callable[[], datetime],
    wait: Callable[[float], object],
) -> int:
    """Wait while exhibits come; gives how many there are."""
    count, newest_s = 0, time.monotonic()
    while time.monotonic() < ends_s and not (count and time.monotonic() - newest_s > QUIET_S):
        wait(0.5)
        found = get_recording(store, number, now()).exhibits
        if found != count:
            count, newest_s = found, time.monotonic()
    return count
