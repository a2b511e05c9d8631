"""Changes of an incident's fields: what truly moves, and how it is told. Pure: no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from noc_console.fleet.inert import inert
from noc_console.incidents.incident.incident import (
    MAX_WORDS,
    Incident,
    InvalidIncident,
    Severity,
    checked_name,
    checked_promise,
    checked_title,
)
from noc_console.incidents.times import local_text, span_text

LONGEST_INTERVAL = timedelta(days=7)
_PEOPLE = ("lead", "communicator", "scribe")
_TEXTS = ("cause", "lessons")


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentChange:
    """What to change of an incident; None leaves a field as it is."""

    title: str | None = None
    severity: Severity | None = None
    began_at: datetime | None = None
    lead: str | None = None
    communicator: str | None = None
    scribe: str | None = None
    next_update_at: datetime | None = None
    update_every: timedelta | None = None
    cause: str | None = None
    lessons: str | None = None


def moved_by(change: IncidentChange, before: Incident, now: datetime) -> dict[str, Any]:
    """Give the fields that would differ, checked, each with its new value.

    Raises:
        InvalidIncident: a field cannot be right.
    """
    wanted = {one.name: getattr(change, one.name) for one in fields(change)}
    return {
        name: checked
        for name, value in wanted.items()
        if value is not None
        and value != getattr(before, name)
        and (checked := _checked(name, value, now)) != getattr(before, name)
    }


def columns_of(moved: Mapping[str, Any]) -> dict[str, Any]:
    """Give fields as the table keeps them."""
    columns = dict(moved)
    if "severity" in columns:
        columns["severity"] = columns["severity"].value
    if "update_every" in columns:
        columns["update_every_s"] = round(columns.pop("update_every").total_seconds())
    return columns


def told(moved: Mapping[str, Any], before: Incident) -> str:
    """Say in one sentence what changed."""
    parts = [_part(name, getattr(before, name), value) for name, value in moved.items()]
    return f"{'; '.join(parts)}."


def _checked(name: str, value: Any, now: datetime) -> Any:
    if name == "title":
        return checked_title(value)
    if name in _PEOPLE:
        return checked_name(value)
    if name in _TEXTS and len(value) > MAX_WORDS:
        raise InvalidIncident(f"The {name} is too long; keep it under {MAX_WORDS} characters.")
    if name == "next_update_at":
        return checked_promise(value, now)
    if name == "update_every" and not timedelta(minutes=1) <= value <= LONGEST_INTERVAL:
        raise InvalidIncident("Customers hear again after 1 minute to 7 days; choose in between.")
    if name == "began_at":
        return min(value, now)
    return value.strip() if name in _TEXTS else value


def _part(name: str, before: Any, value: Any) -> str:
    if name in _PEOPLE:
        return f"{name} is {inert(value)}" if value else f"nobody is {name} any more"
    if name in _TEXTS:
        return f"{name} written" if value else f"{name} taken out"
    if isinstance(value, Severity):
        return f"{before.value} became {value.value}"
    if name == "title":
        return f"called \N{LEFT DOUBLE QUOTATION MARK}{inert(value)}\N{RIGHT DOUBLE QUOTATION MARK}"
    if name == "next_update_at":
        return f"next update due {local_text(value)}"
    if name == "update_every":
        return f"customers hear every {span_text(value)}"
    return f"it began {local_text(value)}"
