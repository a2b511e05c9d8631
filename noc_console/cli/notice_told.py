"""Notices as JSON and as lines for a terminal. No clock: `now` is an argument."""

from collections.abc import Iterable, Sequence
from typing import Any

from noc_console.cli.moments import iso
from noc_console.cli.terminal_text import cut, inert
from noc_console.cli.window_plan import finding_json, finding_lines
from noc_console.fleet.server import Server
from noc_console.incidents.windows.window_words import when_text
from noc_console.notices.audience import Audience
from noc_console.notices.notice import TRANSLATED, Notice
from noc_console.notices.notice_records import StoredNotice
from noc_console.notices.reading_through import ReadThrough
from noc_console.notices.seven import Lamp
from noc_console.notices.support_routes import route_text

_LABELS = {
    "disrupted": "Disrupted",
    "not_disrupted": "Not disrupted",
    "reasons": "Reasons",
    "benefit": "Benefit",
    "alternatives": "Alternatives",
    "no_alternatives_because": "None, because",
    "noticed": "Noticed",
    "cause": "Cause",
    "next_steps": "What next",
}
_WIDTH = 14
_LONGEST = 120


def lamp_lines(lamps: Iterable[Lamp]) -> list[str]:
    """Give the seven lamps, a line each: shape and word, for a terminal has no light."""
    return [
        f"{'[x] told   ' if one.is_lit else '[ ] MISSING'}  {one.number} {one.title}:"
        f" {cut(inert(one.words), _LONGEST) if one.is_lit else inert(one.words)}"
        for one in lamps
    ]


def read_lines(read: ReadThrough) -> list[str]:
    """Give what was read through, a line each."""
    return [*lamp_lines(read.lamps), *finding_lines(read.findings), audience_line(read.audience)]


def audience_line(one: Audience) -> str:
    """Say whom it is for in one line."""
    servers = ", ".join(map(inert, one.server_names[:5])) or "no server"
    more = f" and {len(one.servers) - 5} more" if len(one.servers) > 5 else ""
    return (
        f"For {servers}{more}: {len(one.sites)} sites of {len(one.customers)} customers"
        f" ({one.sites_of_nobody} sites have no customer)."
    )


def read_json(read: ReadThrough) -> dict[str, Any]:
    """Give what was read through as plain values."""
    return {
        "is_complete": read.is_complete,
        "missing": [one.number for one in read.lamps if not one.is_lit],
        "lamps": [
            {"number": one.number, "title": one.title, "is_lit": one.is_lit, "words": one.words}
            for one in read.lamps
        ],
        "findings": [finding_json(one) for one in read.findings],
        "audience": {
            "servers": list(read.audience.server_names),
            "sites": len(read.audience.sites),
            "customers": list(read.audience.customers),
            "sites_of_nobody": read.audience.sites_of_nobody,
        },
    }


def notice_json(notice: Notice, servers: Sequence[Server]) -> dict[str, Any]:
    """Give what a notice says as plain values; `null` for what was not given."""
    names = {server.id: server.name for server in servers}
    return {
        "id": notice.id or None,
        "kind": notice.kind.value,
        "title": notice.title,
        "brand": notice.brand,
        "language": notice.language,
        "servers": [names.get(one, f"#{one}") for one in notice.servers],
        "groups": list(notice.groups),
        "services": list(notice.services),
        "customers": list(notice.customers),
        "window": notice.window_id or None,
        "incident": notice.incident_id or None,
        "start": notice.typed_start or None,
        "starts_at": iso(notice.starts_at) if notice.starts_at else None,
        "minutes": notice.minutes or None,
        "zone": notice.zone,
        "clock_change": notice.wall_choice.value,
        **{name: getattr(notice, name) for name in _LABELS},
        "routes": [
            {"kind": one.kind.value, "words": one.words, "host": one.host} for one in notice.routes
        ],
        "since": iso(notice.since) if notice.since else None,
        "state": None if notice.is_scheduled else notice.state.value,
        "next_update_minutes": notice.next_update_minutes or None,
        "template": notice.template,
        "translations": {
            one.language: {name: getattr(one, name) for name in TRANSLATED}
            for one in notice.translations
        },
        "plan": [
            {
                "send": one.send.value,
                "channel": one.channel,
                "on": one.is_on,
                "due_at": iso(one.due_at) if one.due_at else None,
                "title": one.title,
                "text": one.text,
            }
            for one in notice.plan
        ],
    }


def stored_json(one: StoredNotice, servers: Sequence[Server]) -> dict[str, Any]:
    """Give a notice that is kept as plain values, with how it stands."""
    return {
        **notice_json(one.notice, servers),
        "standing": one.state.value,
        "version": one.live_version,
        "edition": one.edition,
        "made": {"at": iso(one.made_at), "by": one.made_by},
        "changed": {"at": iso(one.changed_at), "by": one.changed_by},
    }


def notice_lines(notice: Notice, servers: Sequence[Server]) -> list[str]:
    """Give what a notice says, a line a field; a text of several lines is indented."""
    names = {server.id: server.name for server in servers}
    where = [names.get(one, "a deleted server") for one in notice.servers]
    where += [f"group {one}" for one in notice.groups]
    where += [f"customer {one}" for one in notice.customers]
    told = {
        "Notice": str(notice.id) if notice.id else "not kept",
        "Kind": notice.kind.value,
        "Title": notice.title,
        "Brand": notice.brand,
        "Language": ", ".join([notice.language, *(one.language for one in notice.translations)]),
        "For": ", ".join(where),
        "Services": ", ".join(notice.services),
        **_time_lines(notice),
        **{label: getattr(notice, name) for name, label in _LABELS.items()},
        "Support": "\n".join(map(route_text, notice.routes)),
        "Begun with": notice.template,
    }
    return [line for label, text in told.items() if text for line in _lines(label, text)]


def _time_lines(notice: Notice) -> dict[str, str]:
    if notice.is_scheduled:
        start = notice.typed_start
        if notice.starts_at is not None:
            start = when_text(notice.starts_at, notice.zone)
        return {
            "Start": f"{start} ({notice.zone})" if start else "",
            "Minutes": str(notice.minutes or ""),
            "Window": str(notice.window_id or ""),
        }
    return {
        "Since": when_text(notice.since, notice.zone) if notice.since else "",
        "State": notice.state.value,
        "Next update": f"in {notice.next_update_minutes} min" if notice.next_update_minutes else "",
        "Incident": str(notice.incident_id or ""),
    }


def _lines(label: str, text: str) -> list[str]:
    first, *rest = [inert(line) for line in text.split("\n")]
    return [f"{label:<{_WIDTH}}{first}", *(f"{'':<{_WIDTH}}{line}" for line in rest)]
