"""Whether a sender will be awake when something is due: asked now, and by what was in past days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from noc_console.notices.notice import Send
from noc_console.notices.plan import TIMED
from noc_console.notices.posting import Posting, PostingState
from noc_console.store.heartbeat import living_engine, not_watched
from noc_console.store.settings import get_setting, put_setting
from noc_console.store.store import Store

LAST_RUN = "notices.last_send_due"
TIMER_LASTS = timedelta(hours=2)
"""A timer that sent within so long is taken to go on."""
DAYS = 7
_AROUND = timedelta(minutes=10)
_WAITING = frozenset({PostingState.QUEUED, PostingState.DELAYED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wakefulness:
    """Who sends now, as a sentence, and what is or may be due while nobody is awake, by posting."""

    is_awake: bool
    words: str
    asleep: dict[int, str]


def note_send_due(store: Store, host: str, now: datetime) -> None:
    """Note that a timer sent what is due."""
    put_setting(store, LAST_RUN, {"at": now.timestamp(), "host": host})


def read_wakefulness(store: Store, postings: Iterable[Posting], now: datetime) -> Wakefulness:
    """Give who sends, and of what waits for its time, which may find nobody awake."""
    engine = living_engine(store, now)
    timer = _timer(store, now)
    if engine is not None:
        words = f"The engine on {engine.host} sends."
    elif timer:
        words = f"A timer on {timer} sends with `noc-console notice send-due`."
    else:
        words = (
            "Nobody sends now: start an engine on a machine that is always on, or run "
            "`noc-console notice send-due` there by a timer."
        )
    is_awake = engine is not None or bool(timer)
    asleep: dict[int, str] = {}
    for one in postings:
        if not is_awake and _is_due(one, now):
            asleep[one.id] = "It is due, and nobody sends."
        elif not timer and _goes_by_the_clock(one, now):
            said = _asleep_at(store, one.due_at, now, has_engine=engine is not None)
            if said:
                asleep[one.id] = said
    return Wakefulness(is_awake=is_awake, words=words, asleep=asleep)


def _is_due(one: Posting, now: datetime) -> bool:
    return one.state in _WAITING and one.due_at <= now


def _goes_by_the_clock(one: Posting, now: datetime) -> bool:
    return one.state in _WAITING and Send(one.send) in TIMED and one.due_at > now


def _timer(store: Store, now: datetime) -> str:
    told = get_setting(store, LAST_RUN, default=None)
    if not isinstance(told, dict):
        return ""
    try:
        at = datetime.fromtimestamp(float(told["at"]), UTC)
        host = str(told["host"])
    except (KeyError, TypeError, ValueError, OverflowError):
        return ""
    return host if timedelta(0) <= now - at <= TIMER_LASTS else ""


def _asleep_at(store: Store, due_at: datetime, now: datetime, *, has_engine: bool) -> str:
    """Say how often nobody watched at this hour lately; empty where that gives no worry."""
    if not has_engine:
        return "Nobody may be awake then: no engine runs and no timer sends."
    past = [due_at - timedelta(days=days) for days in range(1, 400)]
    looked = [at for at in past if at < now - _AROUND][:DAYS]
    first = _first_watched(store, looked)
    known = [at for at in looked if first is not None and at - _AROUND >= first]
    asleep = sum(bool(not_watched(store, at - _AROUND, at + _AROUND)) for at in known)
    if not asleep:
        return ""
    return (
        f"On {asleep} of the last {len(known)} days no engine ran at this hour; leave one running "
        "on a machine that is always on."
    )


def _first_watched(store: Store, moments: list[datetime]) -> datetime | None:
    """Give since when anybody watched, as far as that matters for some moments."""
    if not moments:
        return None
    start, end = min(moments) - timedelta(days=1), max(moments) + _AROUND
    gaps = not_watched(store, start, end)
    if gaps and gaps[0] == (start, end):
        return None
    return gaps[0][1] if gaps and gaps[0][0] == start else start
