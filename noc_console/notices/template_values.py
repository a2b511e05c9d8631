"""What templates are filled with: a notice and one send of it, in words of a language. Pure.

Everything is text, a number, a yes or no, or lists and tables of these. What was not given yet is
told as missing in the language's own words, so that a draft can be previewed at any time.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from noc_console.incidents.wall_time import UnknownZone, zone_of
from noc_console.notices.language import Language
from noc_console.notices.notice import Notice, Send, UnscheduledState
from noc_console.notices.plan import TOLD_A_WEEK_AHEAD
from noc_console.notices.telling import Telling
from noc_console.notices.text import About

_UTC = ZoneInfo("UTC")
_FIELDS = ("title", "disrupted", "not_disrupted", "reasons", "benefit", "noticed")
_OPTIONAL = ("alternatives", "no_alternatives_because", "cause", "next_steps", "brand")
_OVER = frozenset({Send.DONE, Send.ALL_CLEAR})


class _Clock:
    """Instants in a language's words, by the notice's zone, UTC and the reader's zone."""

    def __init__(self, language: Language, zone: ZoneInfo, reader: ZoneInfo) -> None:
        self._language = language
        self._zone = zone
        self._reader = reader

    def moment(self, at: datetime | None, what: str) -> dict[str, str]:
        """Give an instant as templates use it."""
        if at is None:
            return dict.fromkeys(_MOMENT, self._language.gap(what)) | {"reader": "", "iso": ""}
        local = at.astimezone(self._zone)
        return {
            "text": self._language.moment(at, self._zone),
            "short": self._language.moment(at, self._zone, "short_date"),
            "day": self._language.date(local),
            "clock": f"{local:%H:%M}",
            "utc": self._language.moment(at, _UTC),
            "reader": self._of_reader(at, self._language.moment(at, self._reader)),
            "iso": local.isoformat(timespec="minutes"),
        }

    def span(self, start: datetime | None, end: datetime | None) -> dict[str, str]:
        """Give a span as templates use it."""
        if start is None or end is None:
            what = "start" if start is None else "minutes"
            return dict.fromkeys(_SPAN, self._language.gap(what)) | {"reader": ""}
        ends = (start, end)
        return {
            "text": self._language.span(*ends, self._zone),
            "short": self._language.span(*ends, self._zone, "short_date"),
            "utc": self._language.span(*ends, _UTC),
            "reader": self._of_reader(start, self._language.span(*ends, self._reader)),
        }

    def _of_reader(self, at: datetime, told: str) -> str:
        """Nothing where the reader's clock shows the same, or shows UTC, which is told anyway."""
        offsets = [at.astimezone(one).utcoffset() for one in (self._reader, self._zone)]
        is_told = offsets[0] == offsets[1] or self._reader.key == _UTC.key
        return "" if is_told else f"{told} ({self._reader.key})"


_MOMENT = ("text", "short", "day", "clock", "utc")
_SPAN = ("text", "short", "utc")


def values_of(notice: Notice, telling: Telling, language: Language) -> dict[str, Any]:
    """Give all that a template may use; docs/notice-templates.md lists it.

    Raises:
        UnknownZone: the notice's own zone is none.
    """
    zone = zone_of(notice.zone)
    clock = _Clock(language, zone, _zone_of_reader(telling.zone, zone))
    return {
        **{name: getattr(notice, name) or language.gap(name) for name in _FIELDS},
        **{name: getattr(notice, name) for name in _OPTIONAL},
        "send": telling.send.value,
        "is_scheduled": notice.is_scheduled,
        "is_first": telling.is_first,
        "words": telling.words,
        "link": telling.link,
        "gap": {name: language.gap(name) for name in language.missing},
        "servers": language.listed(telling.servers) or language.gap("servers"),
        "services": language.listed(notice.services),
        "routes": [
            {"kind": language.routes.get(one.kind.value, ""), "words": one.words}
            for one in notice.routes
        ],
        **_of_work(notice, telling, language, clock),
        **_of_trouble(notice, telling, language, clock),
        "old": _of_before(telling.before, clock),
    }


def _zone_of_reader(name: str, usual: ZoneInfo) -> ZoneInfo:
    """A reader whose zone is not known is told the time all the same."""
    try:
        return zone_of(name) if name else usual
    except UnknownZone:
        return usual


def _of_work(notice: Notice, telling: Telling, language: Language, clock: _Clock) -> dict[str, Any]:
    """What is told of planned work."""
    start, end, ended = notice.starts_at, notice.ends_at, telling.ended_at
    ahead = start - telling.at if start else timedelta()
    return {
        "has_start": start is not None,
        "start": clock.moment(start, "start"),
        "end": clock.moment(end, "minutes" if start else "start"),
        "window": clock.span(start, end),
        "ended": clock.moment(ended, "ended"),
        "minutes": notice.minutes,
        "duration": language.duration(notice.duration)
        if notice.minutes
        else language.gap("minutes"),
        "is_ahead": ahead > timedelta(),
        "until_start": language.duration(ahead, is_within=True),
        "is_short_notice": telling.is_first and start is not None and ahead < TOLD_A_WEEK_AHEAD,
        "ended_late_by": _gap_words(language, end, ended),
        "ended_early_by": _gap_words(language, ended, end),
        "took": language.duration(ended - start) if ended and start else "",
    }


def _of_trouble(
    notice: Notice, telling: Telling, language: Language, clock: _Clock
) -> dict[str, Any]:
    """What is told of downtime that nobody planned."""
    state = UnscheduledState.RESOLVED if telling.send is Send.ALL_CLEAR else notice.state
    over = notice.resolved_at or (telling.ended_at if not notice.is_scheduled else None)
    promise = notice.next_update_minutes if telling.send not in _OVER else 0
    lasted = over - notice.since if over and notice.since else None
    return {
        "since": clock.moment(notice.since, "since"),
        "resolved": clock.moment(over, "resolved"),
        "lasted": language.duration(lasted) if lasted else language.gap("minutes"),
        "state": state.value,
        "state_words": language.states.get(state.value, state.value),
        "promises_update": promise > 0,
        "next_update": clock.moment(telling.at + timedelta(minutes=promise), "next_update"),
        "next_update_in": language.duration(timedelta(minutes=promise)),
    }


def _of_before(before: Notice | None, clock: _Clock) -> Mapping[str, Any]:
    """What was told last; empty where nothing was."""
    if before is None:
        return {}
    return {
        "title": before.title,
        "window": clock.span(before.starts_at, before.ends_at),
        "start": clock.moment(before.starts_at, "start"),
        "end": clock.moment(before.ends_at, "start"),
    }


def _gap_words(language: Language, first: datetime | None, last: datetime | None) -> str:
    """Say by how much `last` is later; nothing for less than a minute."""
    if first is None or last is None or last - first < timedelta(minutes=1):
        return ""
    return language.duration(last - first)


def about(notice: Notice, telling: Telling, language: Language) -> About | None:
    """Give how a page sorts the notice; None while it has no time at all, or no mark."""
    starts_at = notice.starts_at if notice.is_scheduled else notice.since
    if starts_at is None or not telling.mark:
        return None
    standing = _standing(notice, telling)
    is_over = standing in {"done", "cancelled", "resolved"}
    ends_at = notice.ends_at if notice.is_scheduled else notice.resolved_at
    return About(
        notice=telling.mark,
        is_planned=notice.is_scheduled,
        state=language.standing.get(standing, standing),
        starts_at=starts_at,
        ends_at=telling.ended_at or ends_at if is_over else ends_at,
        is_over=is_over,
        zone=notice.zone,
    )


def _standing(notice: Notice, telling: Telling) -> str:
    """Give the word for where it stands after this send."""
    if telling.send is Send.ALL_CLEAR:
        return "resolved"
    if not notice.is_scheduled:
        return notice.state.value
    if telling.send in {Send.CANCELLED, Send.DONE}:
        return str(telling.send.value)
    is_on = notice.starts_at is not None and notice.starts_at <= telling.at
    return "under_way" if telling.send is Send.START or is_on else "planned"
