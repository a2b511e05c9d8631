"""What stands on a status page: notices with all that was said of each, as JSON and back.

Pure: no I/O, no clock. The page's own `status.json` is where it is kept: whoever may write the page
can go on with it, and others can read it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from noc_console.errors import ConsoleError
from noc_console.notices.text import About, Text

FORM = 1
MOST = 1000
"""So many notices are kept; the oldest that are over go first."""

LATE = timedelta(hours=12)
"""Planned work of which nobody said that it is done counts as over so long after its end."""

_KEPT_WHOLE = 1_000_000


class NoEntries(ConsoleError):
    """What lies there is no list of notices, or is of a newer form."""


class Section(Enum):
    """Where a notice stands on the page."""

    CURRENT = "current"
    PLANNED = "planned"
    PAST = "past"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing that was said of a notice."""

    reference: str
    at: datetime
    title: str
    summary: str
    html: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One notice and what was said of it, the newest first."""

    about: About
    updates: tuple[Update, ...]

    @property
    def title(self) -> str:
        """What it is called, as it was said last."""
        return self.updates[0].title

    def section(self, now: datetime) -> Section:
        """Give where it stands now."""
        about = self.about
        if about.is_over:
            return Section.PAST
        if about.is_planned and now < about.starts_at:
            return Section.PLANNED
        if about.is_planned and about.ends_at is not None and now > about.ends_at + LATE:
            return Section.PAST
        return Section.CURRENT

    def moves_at(self, now: datetime) -> datetime | None:
        """Give when it comes to stand elsewhere by time alone; None: not before more is said."""
        about = self.about
        if about.is_over or not about.is_planned:
            return None
        if now < about.starts_at:
            return about.starts_at
        late = None if about.ends_at is None else about.ends_at + LATE
        return late if late is not None and now <= late else None


def with_text(entries: Sequence[Entry], text: Text, now: datetime) -> tuple[Entry, ...]:
    """Give the entries with another thing said; what has its reference already is replaced."""
    about = text.about or About(
        notice=text.reference, is_planned=False, state="", starts_at=now, is_over=True
    )
    there = next((one for one in entries if one.about.notice == about.notice), None)
    said = next((one for one in _updates(entries) if one.reference == text.reference), None)
    update = Update(
        reference=text.reference,
        at=said.at if said else now,
        title=text.title,
        summary=text.summary,
        html=text.html,
        state=about.state,
    )
    others = [one for one in (there.updates if there else ()) if one.reference != text.reference]
    updates = tuple(sorted([update, *others], key=lambda one: one.at, reverse=True))
    if there is not None and updates[0] is not update:
        about = there.about  # an older word was corrected: where things stand does not change
    rest = [one for one in entries if one.about.notice != about.notice]
    return _bounded([Entry(about=about, updates=updates), *rest], now)


def without(entries: Sequence[Entry], reference: str) -> tuple[Entry, ...]:
    """Give the entries without one thing that was said; a notice of which nothing is left goes."""
    kept = []
    for one in entries:
        updates = tuple(update for update in one.updates if update.reference != reference)
        if updates:
            kept.append(replace(one, updates=updates))
    return tuple(kept)


def find_update(entries: Iterable[Entry], reference: str) -> tuple[Entry, Update] | None:
    """Give the thing that was said with a reference, and its notice."""
    for one in entries:
        for update in one.updates:
            if update.reference == reference:
                return one, update
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A page as it was written last: its entries, in which part each stood, and its look's mark."""

    entries: tuple[Entry, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict)
    look: str = ""

    def moved(self, now: datetime) -> frozenset[str]:
        """Give the notices that stand in another part by now, by time alone."""
        return frozenset(
            one.about.notice
            for one in self.entries
            if self.sections.get(one.about.notice) != one.section(now).value
        )


def to_json(
    entries: Sequence[Entry], *, title: str, address: str, look: str, now: datetime
) -> bytes:
    """Give the page's `status.json`; it is meant to be read by others too."""
    found = {
        "format": FORM,
        "title": title,
        "address": address,
        "made_at": _text_of(now),
        "look": look,
        "notices": [_row_of(one, address, now) for one in entries],
    }
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def from_json(content: bytes) -> Standing:
    """Give what `to_json` wrote.

    Raises:
        NoEntries: it is something else.
    """
    try:
        found = json.loads(content)
        if found["format"] > FORM:
            raise NoEntries(
                "The status page was written by a newer noc-console; update this one first."
            )
        rows = found["notices"]
        return Standing(
            entries=tuple(_entry_of(one) for one in rows),
            sections={str(one["notice"]): str(one["section"]) for one in rows},
            look=str(found["look"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NoEntries(
            "The status.json in the page's folder is none of ours or is damaged; move it away, "
            "then try again."
        ) from error


def _bounded(entries: list[Entry], now: datetime) -> tuple[Entry, ...]:
    ordered = sorted(
        entries,
        key=lambda one: (one.section(now) is Section.PAST, -one.updates[0].at.timestamp()),
    )
    size = 0
    kept: list[Entry] = []
    for one in ordered[:MOST]:
        size += sum(len(update.html) for update in one.updates)
        if kept and size > _KEPT_WHOLE and one.section(now) is Section.PAST:
            break
        kept.append(one)
    return tuple(kept)


def _updates(entries: Iterable[Entry]) -> Iterable[Update]:
    return (update for one in entries for update in one.updates)


def _row_of(one: Entry, address: str, now: datetime) -> dict[str, Any]:
    about = one.about
    return {
        "notice": about.notice,
        "title": one.title,
        "link": f"{address}/notices/{about.notice}.html",
        "section": one.section(now).value,
        "is_planned": about.is_planned,
        "state": about.state,
        "starts_at": _text_of(about.starts_at),
        "ends_at": None if about.ends_at is None else _text_of(about.ends_at),
        "is_over": about.is_over,
        "zone": about.zone,
        "updates": [
            {
                "reference": update.reference,
                "at": _text_of(update.at),
                "title": update.title,
                "summary": update.summary,
                "html": update.html,
                "state": update.state,
            }
            for update in one.updates
        ],
    }


def _entry_of(row: dict[str, Any]) -> Entry:
    about = About(
        notice=str(row["notice"]),
        is_planned=bool(row["is_planned"]),
        state=str(row["state"]),
        starts_at=_instant_of(row["starts_at"]),
        ends_at=None if row["ends_at"] is None else _instant_of(row["ends_at"]),
        is_over=bool(row["is_over"]),
        zone=str(row["zone"]),
    )
    updates = tuple(
        Update(
            reference=str(one["reference"]),
            at=_instant_of(one["at"]),
            title=str(one["title"]),
            summary=str(one["summary"]),
            html=str(one["html"]),
            state=str(one["state"]),
        )
        for one in row["updates"]
    )
    if not updates:
        raise ValueError("a notice of which nothing was said")
    return Entry(about=about, updates=updates)


def _text_of(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _instant_of(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return found
