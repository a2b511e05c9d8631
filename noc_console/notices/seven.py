"""The seven things that customers must be told, each a lamp: lit, or dark with what is missing.

Pure: no I/O, no clock. Nothing is approved while a lamp is dark.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from noc_console.incidents.wall_time import UnknownZone, wall_of, zone_of
from noc_console.notices.around import Around
from noc_console.notices.notice import Notice, RouteKind, UnscheduledState
from noc_console.notices.route_hosts import is_readable
from noc_console.notices.starting import is_taken_over, start_fault

GAP = re.compile(r"⟨[^⟩\n]*⟩")
"""What a prepared text leaves for a person to write."""
LEAST_ROUTES = 2
_LEAST_LETTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamp:
    """One of the seven. `words`: in short what is told, or a sentence on what to give."""

    number: int
    title: str
    is_lit: bool
    words: str


def lamps(notice: Notice, around: Around) -> tuple[Lamp, ...]:
    """Give the seven lamps of a notice."""
    wanted = _OF_SCHEDULED if notice.is_scheduled else _OF_UNSCHEDULED
    found = []
    for number, (title, judge, tell) in enumerate(wanted, start=1):
        missing = judge(notice, around)
        found.append(
            Lamp(number=number, title=title, is_lit=not missing, words=missing or tell(notice))
        )
    return tuple(found)


def _start(notice: Notice, around: Around) -> str:
    if not notice.typed_start.strip() and notice.starts_at is None:
        return "Give the date and time at which it begins, such as Sat 2026-12-05 02:00."
    if fault := start_fault(notice, around.now) or _zone(notice):
        return fault
    if notice.starts_at is None or not is_taken_over(notice, around.now):
        return "The start was typed but not taken over; type it again."
    if notice.starts_at <= around.now and not _has_begun(notice, around):
        wall = _wall(notice.starts_at, notice)
        return f"It would begin at {wall}, which has passed; give a time to come."
    return ""


def _has_begun(notice: Notice, around: Around) -> bool:
    """A notice of work that goes on is still told: its end is to come."""
    return notice.ends_at is not None and notice.ends_at > around.now


def _minutes(notice: Notice, _around: Around) -> str:
    return "" if notice.minutes else "Give how long it lasts, in minutes."


def _disrupted(notice: Notice, around: Around) -> str:
    if not around.covered(notice):
        return "Name the servers, groups or customers it is about."
    if fault := _text(notice.disrupted, "what exactly is disrupted"):
        return fault
    return _text(notice.not_disrupted, "what is not disrupted")


def _reasons(notice: Notice, _around: Around) -> str:
    return _text(notice.reasons, "why it is done")


def _benefit(notice: Notice, _around: Around) -> str:
    return _text(notice.benefit, "what customers gain by it")


def _routes(notice: Notice, around: Around) -> str:
    """Two ways, one of which does not depend on what is disrupted."""
    readable = [one for one in notice.routes if is_readable(one)]
    for route in notice.routes:
        if not is_readable(route):
            return f"{route.words or 'An empty way'} is no {_NEEDS[route.kind]}; mend it."
    if len({one.words.strip().casefold() for one in readable}) < LEAST_ROUTES:
        return "Give two different ways to reach support meanwhile, such as a phone and a page."
    on = [around.dependence(notice, one) for one in readable]
    if all(one.on for one in on):
        named = ", ".join(sorted({one.on for one in on}))
        return (
            f"All ways to reach support depend on {named}, which is disrupted; give one that does"
            " not, such as a phone number."
        )
    return ""


_NEEDS = {
    RouteKind.PHONE: "telephone number",
    RouteKind.EMAIL: "mail address",
    RouteKind.PAGE: "link",
    RouteKind.CHAT: "name of a chat",
    RouteKind.OTHER: "way to reach support",
}


def _alternatives(notice: Notice, _around: Around) -> str:
    if notice.alternatives.strip():
        return _text(notice.alternatives, "what customers can do meanwhile")
    if notice.no_alternatives_because.strip():
        return _text(notice.no_alternatives_because, "why there is no alternative")
    return "Give what customers can do meanwhile, or why there is nothing."


def _since(notice: Notice, around: Around) -> str:
    if notice.since is None:
        return "Give since when customers notice it."
    if notice.since > around.now:
        return "It cannot have begun after now; mend since when."
    return _zone(notice)


def _promise(notice: Notice, _around: Around) -> str:
    if notice.state is UnscheduledState.RESOLVED:
        if notice.resolved_at is None or notice.since is None:
            return "Give when it was over: customers are told how long it lasted."
        return "" if notice.resolved_at >= notice.since else "It was over before it began; mend it."
    if not notice.next_update_minutes:
        return "Promise in how many minutes customers hear again."
    return ""


def _noticed(notice: Notice, around: Around) -> str:
    if not around.covered(notice):
        return "Name the servers, groups or customers it is about."
    return _text(notice.noticed, "what customers notice")


def _cause(notice: Notice, _around: Around) -> str:
    if notice.state is UnscheduledState.INVESTIGATING and not notice.cause.strip():
        return ""  # that we look for it is told
    return _text(notice.cause, "the cause, as far as it is known")


def _next_steps(notice: Notice, _around: Around) -> str:
    if notice.state is not UnscheduledState.RESOLVED and not notice.next_steps.strip():
        return ""  # the state says it
    return _text(notice.next_steps, "what comes next, so that it does not happen again")


def _meanwhile(notice: Notice, _around: Around) -> str:
    """What to do meanwhile is told if there is something; a first word does not wait for it."""
    return _text(notice.alternatives, "what to do meanwhile") if notice.alternatives.strip() else ""


def _text(text: str, what: str) -> str:
    """Give what is wrong with a text; empty when nothing is."""
    if sum(letter.isalnum() for letter in text) < _LEAST_LETTERS:
        return f"Say {what}."
    if gap := GAP.search(text):
        return f"Fill in {gap[0]} in {what}."
    return ""


def _zone(notice: Notice) -> str:
    try:
        zone_of(notice.zone)
    except UnknownZone as failure:
        return failure.sentence
    return ""


def _wall(at: datetime, notice: Notice) -> str:
    return f"{wall_of(at, zone_of(notice.zone)):%a %Y-%m-%d %H:%M} {notice.zone}"


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _tell_start(notice: Notice) -> str:
    return _wall(notice.starts_at, notice) if notice.starts_at else ""


def _tell_disrupted(notice: Notice) -> str:
    return f"{_first_line(notice.disrupted)} · Not disrupted: {_first_line(notice.not_disrupted)}"


def _tell_routes(notice: Notice) -> str:
    return ", ".join(one.words for one in notice.routes)


def _tell_alternatives(notice: Notice) -> str:
    return (
        _first_line(notice.alternatives) or f"None: {_first_line(notice.no_alternatives_because)}"
    )


def _tell_promise(notice: Notice) -> str:
    if notice.state is UnscheduledState.RESOLVED and notice.resolved_at and notice.since:
        return f"It lasted {round((notice.resolved_at - notice.since).total_seconds() / 60)} min."
    return f"In {notice.next_update_minutes} min."


def _tell_cause(notice: Notice) -> str:
    return _first_line(notice.cause) or "It is being looked for."


def _tell_next_steps(notice: Notice) -> str:
    return _first_line(notice.next_steps) or f"The state says it: {notice.state.value}."


Judge = Callable[[Notice, Around], str]
"""Gives what is missing; empty where all is told."""
Tell = Callable[[Notice], str]
"""Gives in short what is told."""

_OF_SCHEDULED: tuple[tuple[str, Judge, Tell], ...] = (
    ("date and time", _start, _tell_start),
    ("how long", _minutes, lambda notice: f"{notice.minutes} min"),
    ("what is disrupted and what is not", _disrupted, _tell_disrupted),
    ("reasons", _reasons, lambda notice: _first_line(notice.reasons)),
    ("benefit", _benefit, lambda notice: _first_line(notice.benefit)),
    ("how to reach support", _routes, _tell_routes),
    ("alternatives", _alternatives, _tell_alternatives),
)
_OF_UNSCHEDULED: tuple[tuple[str, Judge, Tell], ...] = (
    ("since when", _since, lambda notice: _wall(notice.since, notice) if notice.since else ""),
    ("next update, or how long it lasted", _promise, _tell_promise),
    ("what customers notice", _noticed, lambda notice: _first_line(notice.noticed)),
    ("cause", _cause, _tell_cause),
    ("what comes next", _next_steps, _tell_next_steps),
    ("how to reach support", _routes, _tell_routes),
    (
        "what to do meanwhile",
        _meanwhile,
        lambda notice: (
            _first_line(notice.alternatives) or "Nothing is told; a first word need not."
        ),
    ),
)
