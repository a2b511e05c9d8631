"""How recipients and messages read on the screen and in a terminal. Pure: no Qt, no I/O."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from noc_console.fleet.inert import inert
from noc_console.health.delivery.delivery import SUBJECT_PREFIX, Delivery, DeliveryState
from noc_console.health.delivery.recipient import Recipient, Way
from noc_console.health.delivery.text import span
from noc_console.health.verdict import Verdict

WAYS: Mapping[Way, str] = {Way.MAIL: "E-mail", Way.CHAT: "Chat or phone"}
LEASTS: Mapping[Verdict, str] = {
    Verdict.EARLY: "the early line on",
    Verdict.CUT_OFF: "a cut-off on",
}
SHAPES: Mapping[DeliveryState, str] = {
    DeliveryState.QUEUED: "○",
    DeliveryState.SENDING: "◔",
    DeliveryState.HANDING_OVER: "◔",
    DeliveryState.SENT: "✔",
    DeliveryState.IN_DOUBT: "◆",
    DeliveryState.GIVEN_UP: "■",
    DeliveryState.WITHDRAWN: "–",
}
_MOST_GAPS = 2
_MOST_NAMED = 3
_NOT_WORDED = "worded when it goes, as things stand then"
_PLACE = " See Who is told (Ctrl+7)."


def when_text(one: Recipient) -> str:
    """Give how soon they are told."""
    return "at once" if not one.after_minutes else f"after {one.after_minutes} min"


def repeat_text(one: Recipient) -> str:
    """Give how often they are told again."""
    return "once" if not one.repeat_minutes else f"every {one.repeat_minutes} min"


def hours_text(one: Recipient) -> str:
    """Give when they are told at all; "always" where nothing is set."""
    if one.is_paused:
        return "paused"
    parts = [one.on_call] if one.on_call else []
    if one.quiet:
        parts.append(f"quiet {one.quiet}")
    return f"{', '.join(parts)} ({one.zone})" if parts else "always"


def state_word(one: Delivery) -> str:
    """Give where a message stands, in a word or two."""
    return "failing" if one.is_failing else one.state.value


def state_text(one: Delivery) -> str:
    """Give where a message stands, with its shape."""
    return f"{'▲' if one.is_failing else SHAPES[one.state]}  {state_word(one)}"


def verdict_of(one: Delivery) -> Verdict | None:
    """Give the verdict whose colour a message's state takes; None for what is well."""
    if one.state is DeliveryState.GIVEN_UP:
        return Verdict.DOWN
    if one.state is DeliveryState.IN_DOUBT:
        return Verdict.CUT_OFF
    return Verdict.EARLY if one.is_failing else None


def subject_text(one: Delivery) -> str:
    """Give what a message is about; one that was not tried yet has no words of its own."""
    return inert(one.subject).removeprefix(SUBJECT_PREFIX) if one.subject else _NOT_WORDED


def outcome_text(one: Delivery, now: datetime) -> str:
    """Give what came of a message, and when it is tried again."""
    words = inert(one.words)
    if one.state is DeliveryState.QUEUED and one.next_at > now:
        words = f"{words} Next in {span(one.next_at - now)}.".strip()
    return words


def in_order(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Give messages with those that ask for a person first, then the newest first."""
    return sorted(deliveries, key=lambda one: (not one.needs_person, -one.id))


def trouble_text(troubles: Sequence[Delivery]) -> str:
    """Give the sentence of the window's band; empty where every channel works."""
    failing = [one for one in troubles if one.state is not DeliveryState.IN_DOUBT]
    if failing:
        worst = max(failing, key=lambda one: (one.is_failing, one.id))
        words = inert(worst.words, 200)
        return f"Messages about alarms do not reach {_names(failing)}: {words}{_PLACE}"
    if troubles:
        return f"Nobody knows whether a message reached {_names(troubles)}.{_PLACE}"
    return ""


def _names(deliveries: Sequence[Delivery]) -> str:
    names = [inert(one.recipient_name, 40) for one in deliveries]
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def untold_text(gaps: Sequence[tuple[datetime, datetime]]) -> str:
    """Give when nobody is told of what is cut off or down in the coming week; empty: never."""
    if not gaps:
        return ""
    if len(gaps) == 1 and (gaps[0][1] - gaps[0][0]).days >= 7:
        return "Nobody is told of anything: every recipient is paused or there is none."
    shown = [
        f"{start.astimezone():%a %H:%M} to {end.astimezone():%a %H:%M}"
        for start, end in gaps[:_MOST_GAPS]
    ]
    more = f" and {len(gaps) - _MOST_GAPS} more times" if len(gaps) > _MOST_GAPS else ""
    return f"Nobody is told of what is cut off or down: {'; '.join(shown)}{more} in the week ahead."
