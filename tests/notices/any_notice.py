"""Any notice that a person could write, for hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import strategies as st

from noc_console.notices.notice import (
    Notice,
    NoticeKind,
    PlannedSend,
    Route,
    RouteKind,
    Send,
    Translation,
    UnscheduledState,
)
from noc_console.notices.starting import begin_at

_letters = st.characters(exclude_categories=["Cs"])
_text = st.text(_letters, max_size=30)
_name = st.text(_letters, min_size=1, max_size=10)
_names = st.lists(_name, max_size=3, unique=True).map(tuple)
_moment = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made UTC
    lambda at: at.replace(tzinfo=UTC)
)
_minute = _moment.map(lambda at: at.replace(second=0, microsecond=0))
_zone = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC"])
_route = st.builds(Route, kind=st.sampled_from(RouteKind), words=_text, host=_text)
_planned = st.builds(
    PlannedSend,
    send=st.sampled_from(Send),
    channel=_text,
    is_on=st.booleans(),
    due_at=st.none() | _moment,
    title=_text,
    text=_text,
)
_translation = st.builds(
    Translation, language=st.sampled_from(["de", "fr"]), title=_text, reasons=_text, cause=_text
)
_usual = {
    "title": _text,
    "brand": _text,
    "groups": _names,
    "customers": _names,
    "services": _names,
    "minutes": st.integers(0, 10_000),
    "window_id": st.integers(0, 10_000),
    "incident_id": st.integers(0, 10_000),
    "servers": st.lists(st.sampled_from([7, 8, 9]), max_size=3, unique=True).map(tuple),
    "zone": _zone,
    "disrupted": _text,
    "not_disrupted": _text,
    "reasons": _text,
    "benefit": _text,
    "routes": st.lists(_route, max_size=3).map(tuple),
    "alternatives": _text,
    "no_alternatives_because": _text,
    "plan": st.lists(_planned, max_size=3).map(tuple),
    "translations": st.lists(_translation, max_size=2, unique_by=lambda one: one.language).map(
        tuple
    ),
    "template": _text,
}
_of_trouble = {
    "noticed": _text,
    "since": st.none() | _moment,
    "state": st.sampled_from(UnscheduledState),
    "next_update_minutes": st.integers(0, 10_000),
    "resolved_at": st.none() | _moment,
    "cause": _text,
    "next_steps": _text,
}


def _begun(notice, at):
    return notice if at is None else begin_at(notice, at)


_scheduled = st.builds(
    _begun, st.builds(Notice, kind=st.just(NoticeKind.SCHEDULED), **_usual), st.none() | _minute
)
_unscheduled = st.builds(Notice, kind=st.just(NoticeKind.UNSCHEDULED), **(_usual | _of_trouble))
notices = _scheduled | _unscheduled


def with_another_id(notice):
    """Give the same content under another number."""
    return replace(notice, id=notice.id + 1)
