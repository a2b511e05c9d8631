"""The timeline of an incident: facts of many sources in the order in which they happened.

Pure: no I/O, no clock. Words may quote a server or a person: they are made inert where they are
shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from noc_console.health.alarm import Alarm, AlarmEvent, AlarmEventKind
from noc_console.health.delivery.delivery import SUBJECT_PREFIX, Delivery, DeliveryState
from noc_console.health.verdict import Verdict
from noc_console.incidents.evidence.evidence import Recording
from noc_console.incidents.gate.gate import GateAct
from noc_console.incidents.incident.incident import EntryKind, IncidentEntry
from noc_console.incidents.times import local_text
from noc_console.incidents.windows.window import Occurrence
from noc_console.store.orders import Order, OrderState

MOST_MOMENTS = 2000
"""More than a person reads; a storm of alarms must not hide what people did."""


class Source(Enum):
    """Where a fact comes from. The order decides between facts of one instant."""

    READING = "reading"
    ALARM = "alarm"
    MESSAGE = "message"
    WINDOW = "window"
    INCIDENT = "incident"
    PERSON = "person"
    NOTE = "note"
    UPDATE = "update"
    EVIDENCE = "evidence"
    ORDER = "order"
    GATE = "gate"
    CONSOLE = "console"


GATE_ORDERS = ("reboot", "restart service")
"""Orders that the gate tells of, each step with its time."""

_PLACES = {source: place for place, source in enumerate(Source)}
_KEPT_FIRST = {Source.INCIDENT, Source.PERSON, Source.NOTE, Source.UPDATE, Source.GATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One fact: when, from where, in words, by whom, about which server, and where to see it.

    `link` is `alarm:12`, `evidence:3`, `order:9`, `window:2`, `entry:7`, `gate:4` or empty;
    `number` tells facts of one source and instant apart.
    """

    at: datetime
    source: Source
    words: str
    number: int = 0
    by: str = ""
    server_id: int | None = None
    link: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Moments in order; `left_out` counts those that were too many."""

    moments: tuple[Moment, ...] = ()
    left_out: int = 0


def in_order(facts: Iterable[Iterable[Moment]], most: int = MOST_MOMENTS) -> Timeline:
    """Join facts of many sources; the order does not depend on that in which they were read.

    Where they are too many, what people did is kept, then the earliest of the rest.
    """
    every = sorted({moment for source in facts for moment in source}, key=_place)
    if len(every) <= most:
        return Timeline(moments=tuple(every))
    ranked = sorted(every, key=lambda one: (one.source not in _KEPT_FIRST, _place(one)))
    kept = sorted(ranked[:most], key=_place)
    return Timeline(moments=tuple(kept), left_out=len(every) - most)


def _place(one: Moment) -> tuple[object, ...]:
    return (one.at, _PLACES[one.source], one.number, one.server_id or 0, one.link, one.words)


def of_entries(entries: Iterable[IncidentEntry]) -> list[Moment]:
    """Give what was written to the incident."""
    return [
        Moment(
            at=one.at,
            source=_ENTRIES.get(one.kind, Source.INCIDENT),
            words=_entry_words(one),
            number=one.id,
            by=one.by,
            link=f"entry:{one.id}",
        )
        for one in entries
    ]


_ENTRIES = {EntryKind.NOTE: Source.NOTE, EntryKind.UPDATE: Source.UPDATE}
_BEGINNINGS = {
    EntryKind.OPENED: "Incident opened. ",
    EntryKind.UPDATE: "Customers were told: ",
    EntryKind.RESOLVED: "Resolved. ",
    EntryKind.REOPENED: "Opened again. ",
    EntryKind.CLOSED: "Closed. ",
}


def _entry_words(one: IncidentEntry) -> str:
    due = ""
    if one.due_at is not None and one.kind in {EntryKind.OPENED, EntryKind.UPDATE}:
        due = f" (next update promised {local_text(one.due_at)})"
    return f"{_BEGINNINGS.get(one.kind, '')}{one.words}{due}"


_BY_PEOPLE = {
    AlarmEventKind.ACKNOWLEDGED,
    AlarmEventKind.CLAIMED,
    AlarmEventKind.RELEASED,
    AlarmEventKind.SHELVED,
    AlarmEventKind.UNSHELVED,
    AlarmEventKind.LATCHED,
    AlarmEventKind.UNLATCHED,
}


def of_alarms(
    alarms: Mapping[int, Alarm], events: Iterable[AlarmEvent], names: Mapping[int, str]
) -> list[Moment]:
    """Give what befell some alarms; `names` are those of the servers, empty where all know whose.

    What a person did is told with what the alarm said then, not with what it says now.
    """
    moments = []
    said: dict[int, str] = {}
    for event in sorted(events, key=lambda one: (one.at, one.id)):
        alarm = alarms.get(event.alarm_id)
        if alarm is None:
            continue
        is_person = event.kind in _BY_PEOPLE and bool(event.by)
        if event.words and not is_person:
            said[alarm.id] = event.words
        about = said.get(alarm.id, alarm.words)
        who = _of_whom(alarm.server_id, names)
        if who and about.startswith(who.removesuffix(": ")):
            who = ""  # the words say it already
        reason = f" ({event.words})" if is_person and event.words else ""
        moments.append(
            Moment(
                at=event.at,
                source=Source.PERSON if is_person else Source.ALARM,
                words=f"Alarm {event.kind.value}: {who}{about}{reason}",
                number=event.id,
                by=event.by,
                server_id=alarm.server_id,
                link=f"alarm:{alarm.id}",
                verdict=None if event.kind is AlarmEventKind.CLEARED else event.verdict,
            )
        )
    return moments


def of_deliveries(deliveries: Iterable[Delivery]) -> list[Moment]:
    """Give who was told of alarms by a message, and whom none reached."""
    moments = []
    for one in deliveries:
        begin = _MESSAGES.get(one.state)
        if begin is None and not one.is_failing:
            continue
        subject = one.subject.removeprefix(SUBJECT_PREFIX)
        words = f"{begin or 'Not told yet'}: {one.recipient_name}: {subject}"
        if one.needs_person:
            words = f"{words} ({one.words})"
        moments.append(
            Moment(
                at=one.began_at or one.made_at, source=Source.MESSAGE, words=words, number=one.id
            )
        )
    return moments


_MESSAGES = {
    DeliveryState.SENT: "Told",
    DeliveryState.IN_DOUBT: "Perhaps told",
    DeliveryState.GIVEN_UP: "Not told",
}


def of_orders(
    orders: Iterable[Order], names: Mapping[int, str], *, without: Iterable[str] = ()
) -> list[Moment]:
    """Give what people asked the engine to do, and what came of it; some kinds are told elsewhere.

    An order's request may hold anything, so only its kind and its outcome's sentence are told.
    """
    told_elsewhere = set(without)
    moments = []
    for one in orders:
        if one.kind in told_elsewhere:
            continue
        who = _of_whom(one.server_id, names).removesuffix(": ")
        what = f"{one.kind}{f' on {who}' if who else ''}"
        asked = Moment(
            at=one.asked_at,
            source=Source.ORDER,
            words=f"Order: {what}.",
            number=2 * one.id,
            by=one.asked_by,
            server_id=one.server_id,
            link=f"order:{one.id}",
        )
        moments.append(asked)
        if one.closed_at is not None:
            words = f"Order {one.state.value}: {what}.{_outcome_words(one)}"
            end = max(one.closed_at, one.asked_at)
            moments.append(replace(asked, at=end, words=words, number=2 * one.id + 1, by=""))
    return moments


def _outcome_words(one: Order) -> str:
    outcome = one.outcome or {}
    said = outcome.get("sentence")
    if isinstance(said, str) and said:
        return f" {said}"
    return "" if one.state is OrderState.DONE else " It gave no reason."


def of_gate(acts: Iterable[GateAct]) -> list[Moment]:
    """Give reboots and restarts: who, why, each step, and whether all was well after it."""
    moments = []
    for act in acts:
        lines = [(act.asked_at, f"Asked to {act.deed}: {act.reason}", act.asked_by)]
        steps = [step for step in act.steps if step.words != act.sentence]  # it is told as the end
        lines += [(step.at, f"{act.deed}: {step.words}", "") for step in steps]
        if act.closed_at is not None and act.sentence:
            lines.append((act.closed_at, f"{act.deed}, {act.state.value}: {act.sentence}", ""))
        moments += [
            Moment(
                at=at,
                source=Source.GATE,
                words=words,
                number=1000 * act.id + place,
                by=by,
                server_id=act.server_id,
                link=f"gate:{act.id}",
            )
            for place, (at, words, by) in enumerate(lines)
        ]
    return moments


def of_windows(occurrences: Iterable[Occurrence]) -> list[Moment]:
    """Give when maintenance was to begin and to end, and when it did."""
    moments = []
    for one in occurrences:
        if one.is_cancelled:
            continue
        title, run = one.window.title, one.run
        lines = [
            (one.planned_start, f"Window planned to begin: {title}", ""),
            (one.planned_end, f"Window planned to end: {title}", ""),
        ]
        if run is not None and run.started_at is not None:
            lines.append((run.started_at, f"Window begun: {title}", run.started_by))
        if run is not None and run.ended_at is not None:
            lines.append((run.ended_at, f"Window ended: {title}", run.ended_by))
        moments += [
            Moment(
                at=at,
                source=Source.WINDOW,
                words=words,
                number=10 * one.window.id + place,
                by=by,
                link=f"window:{one.window.id}",
            )
            for place, (at, words, by) in enumerate(lines)
        ]
    return moments


def of_recordings(recordings: Iterable[Recording]) -> list[Moment]:
    """Give when the flight recorder began and ended, and how much it kept."""
    moments = []
    for one in recordings:
        began = Moment(
            at=one.started_at,
            source=Source.EVIDENCE,
            words=f"{one.server_name}: recording {one.id} begun: {one.why}",
            number=2 * one.id,
            by=one.asked_by,
            server_id=one.server_id,
            link=f"evidence:{one.id}",
        )
        moments.append(began)
        if one.ended_at is not None:
            words = (
                f"{one.server_name}: recording {one.id} {one.state.value}, {one.exhibits} exhibits"
                f" kept. {one.ended_why}"
            )
            ended_at = max(one.ended_at, one.started_at)
            moments.append(replace(began, at=ended_at, words=words, number=2 * one.id + 1, by=""))
    return moments


def of_absences(spans: Sequence[tuple[datetime, datetime]], end: datetime) -> list[Moment]:
    """Give when nobody watched: what is not told of such a time is not known.

    A span that reaches `end`, where what was looked at ends, is not over.
    """
    moments = []
    for place, (left_at, back_at) in enumerate(spans):
        gone = Moment(
            at=left_at,
            source=Source.CONSOLE,
            words="No engine watched from here on: nothing is known.",
            number=2 * place,
        )
        moments.append(gone)
        if back_at < end:
            words = "An engine watches again."
            moments.append(replace(gone, at=back_at, words=words, number=2 * place + 1))
    return moments


def _of_whom(server_id: int | None, names: Mapping[int, str]) -> str:
    if server_id is None:
        return ""
    name = names.get(server_id, f"server {server_id}")
    return f"{name}: " if name else ""
