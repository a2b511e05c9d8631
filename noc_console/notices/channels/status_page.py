"""The files of a status page: what is current, planned and past, each notice, and feeds.

Pure but for the templates in `resources/status_page`. Every text but a notice's own cleaned HTML is
escaped by the template engine; a name that a template misspells is an error.
"""

import hashlib
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from noc_console.incidents.wall_time import UnknownZone, zone_of
from noc_console.notices.channels.status_entries import Entry, Section, Update, to_json
from noc_console.notices.text import About
from noc_console.resource import resource

_IN_FEED = 50
_ATOM = "http://www.w3.org/2005/Atom"
_AS_THEY_ARE = ("status.css", "status.js", "status.svg")

_SIGNS = {"well": "✔", "work": "◆", "trouble": "▲", "planned": "◷", "past": "●"}
"""Severity is a shape and a word, never colour alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLook:
    """What a person set of a page. `address` is where visitors see it, without a slash at the end.

    `zone` is the wall clock of what belongs to no notice.
    """

    title: str
    address: str
    support: str = ""
    language: str = "en"
    zone: str = "UTC"
    past_days: int = 30


def page_files(
    entries: Sequence[Entry], look: PageLook, now: datetime, only: Collection[str] | None = None
) -> dict[str, bytes]:
    """Give the files of the page, in the order in which they are to be written.

    What the first page leads to comes before it; `status.json`, by which the page is known to be
    whole, comes last. With `only`, of the notices' own pages just these are given, and nothing that
    is the same whatever is posted.
    """
    files: dict[str, bytes] = {}
    if only is None:
        files = {name: resource("status_page", name).read_bytes() for name in _AS_THEY_ARE}
    for one in entries:
        if only is not None and one.about.notice not in only:
            continue
        path = f"notices/{one.about.notice}.html"
        files[path] = _render("notice", look, now, root="../", heading=one.title, entry=one)
    files["history.html"] = _render(
        "history",
        look,
        now,
        heading=f"{words_of(look.language)['all_notices']} · {look.title}",
        entries=sorted(entries, key=lambda one: one.about.starts_at, reverse=True),
    )
    files["feed.atom"] = _atom(entries, look, now)
    files["feed.rss"] = _rss(entries, look, now)
    files["index.html"] = _first_page(entries, look, now)
    files["status.json"] = to_json(
        entries, title=look.title, address=look.address, look=look_mark(look), now=now
    )
    return files


def look_mark(look: PageLook) -> str:
    """Give a mark that changes when every page must be written anew: what a person set, or what
    this program brings, is another.
    """
    made = hashlib.sha256(repr(look).encode())
    for path in sorted(resource("status_page").iterdir()):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


def link_of(look: PageLook, entry: Entry, update: Update) -> str:
    """Give where something that was said can be read."""
    return f"{look.address}/notices/{entry.about.notice}.html#{update.reference}"


def words_of(language: str) -> dict[str, Any]:
    """Give the page's own words; those of English where there are none in a language."""
    known = _all_words()
    return known.get(language.partition("-")[0]) or known["en"]


def clock_text(at: datetime, zone: str, language: str) -> str:
    """Give an instant as a reader's words: weekday, date, wall time, zone and its offset."""
    wall = _wall(at, zone)
    return f"{_date_text(wall, language)} {_zone_text(wall)}"


def span_text(start: datetime, end: datetime, zone: str, language: str) -> str:
    """Give a stretch of time in as few words as leave no doubt: what both ends share, once."""
    first, last = _wall(start, zone), _wall(end, zone)
    form = words_of(language)["from_to"]
    is_same_clock = first.utcoffset() == last.utcoffset()
    begin = _date_text(first, language)
    if not is_same_clock:
        begin = f"{begin} {_zone_text(first)}"
    if is_same_clock and first.date() == last.date():
        finish = f"{last:%H:%M} {_zone_text(last)}"
    else:
        finish = f"{_date_text(last, language)} {_zone_text(last)}"
    return str(form.format(start=begin, end=finish))


def _wall(at: datetime, zone: str) -> datetime:
    try:
        return at.astimezone(zone_of(zone))
    except UnknownZone:
        return at.astimezone(UTC)


def _date_text(wall: datetime, language: str) -> str:
    words = words_of(language)
    return str(
        words["date"].format(
            day_name=words["days"][wall.weekday()],
            day=wall.day,
            month=words["months"][wall.month - 1],
            year=wall.year,
            hour=wall.hour,
            minute=wall.minute,
        )
    )


def _zone_text(wall: datetime) -> str:
    name, offset = wall.tzname() or "UTC", wall.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes > 0 else "-"
    clock = f"UTC{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return clock if name[:1] in "+-" else f"{name} ({clock})"


def _first_page(entries: Sequence[Entry], look: PageLook, now: datetime) -> bytes:
    parts: dict[Section, list[Entry]] = {section: [] for section in Section}
    for one in entries:
        parts[one.section(now)].append(one)
    current = sorted(
        parts[Section.CURRENT], key=lambda one: (one.about.is_planned, -_newest(one).timestamp())
    )
    since = now - timedelta(days=look.past_days)
    past = [one for one in parts[Section.PAST] if _newest(one) >= since]
    return _render(
        "index",
        look,
        now,
        heading=look.title,
        banner=_banner(current, look),
        current=current,
        planned=sorted(parts[Section.PLANNED], key=lambda one: one.about.starts_at),
        past=sorted(past, key=_newest, reverse=True),
        past_days=look.past_days,
    )


def _newest(entry: Entry) -> datetime:
    return entry.updates[0].at


def _banner(current: Sequence[Entry], look: PageLook) -> dict[str, str]:
    words = words_of(look.language)
    if any(not one.about.is_planned for one in current):
        kind, title, more = "trouble", words["trouble"], words["trouble_more"]
    elif current:
        kind, title, more = "work", words["work"], ""
    else:
        kind, title, more = "well", words["all_well"], words["all_well_more"]
    return {"kind": kind, "title": title, "more": more, "sign": _SIGNS[kind]}


def _kind(entry: Entry, section: str) -> str:
    if section != Section.CURRENT.value:
        return section
    return "work" if entry.about.is_planned else "trouble"


def _minutes(entry: Entry) -> int:
    span = (entry.about.ends_at or entry.about.starts_at) - entry.about.starts_at
    return int(span.total_seconds() // 60)


def _render(template: str, look: PageLook, now: datetime, root: str = "", **values: Any) -> bytes:
    def stamp(at: datetime, zone: str) -> Markup:
        text = clock_text(at, zone, look.language)
        iso = at.astimezone(UTC).isoformat(timespec="seconds")
        return Markup('<time datetime="{}" data-zone="{}">{}</time>').format(iso, zone, text)

    def span(about: About) -> Markup:
        if about.ends_at is None:
            return stamp(about.starts_at, about.zone)
        text = span_text(about.starts_at, about.ends_at, about.zone, look.language)
        ends = (
            one.astimezone(UTC).isoformat(timespec="seconds")
            for one in (about.starts_at, about.ends_at)
        )
        form = Markup('<time datetime="{}" data-until="{}" data-zone="{}">{}</time>')
        return form.format(*ends, about.zone, text)

    def clock(at: datetime, zone: str) -> str:
        return clock_text(at, zone, look.language)

    page = _environment().get_template(f"{template}.html.j2")
    return page.render(
        root=root,
        now=now,
        zone=look.zone,
        title=look.title,
        support=look.support,
        language=look.language or "en",
        words=words_of(look.language),
        stamp=stamp,
        span=span,
        clock=clock,
        kind=_kind,
        sign=lambda entry, section: _SIGNS[_kind(entry, section)],
        minutes=_minutes,
        **values,
    ).encode()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(resource("status_page")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _all_words() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resource("status_page", "words.toml").read_text(encoding="utf-8"))


def _said(entries: Sequence[Entry]) -> list[tuple[Entry, Update]]:
    both = [(one, update) for one in entries for update in one.updates]
    return sorted(both, key=lambda pair: pair[1].at, reverse=True)[:_IN_FEED]


def _atom(entries: Sequence[Entry], look: PageLook, now: datetime) -> bytes:
    """RFC 4287; an entry for each thing that was said."""
    said = _said(entries)
    feed = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": look.language or "en"})
    _leaf(feed, "id", f"{look.address}/")
    _leaf(feed, "title", look.title)
    _leaf(feed, "updated", _iso(said[0][1].at if said else now))
    author = ET.SubElement(feed, "author")
    _leaf(author, "name", look.title)
    ET.SubElement(feed, "link", {"rel": "self", "href": f"{look.address}/feed.atom"})
    ET.SubElement(feed, "link", {"rel": "alternate", "href": f"{look.address}/"})
    for one, update in said:
        entry = ET.SubElement(feed, "entry")
        _leaf(entry, "id", link_of(look, one, update))
        _leaf(entry, "title", update.title)
        _leaf(entry, "updated", _iso(update.at))
        _leaf(entry, "summary", update.summary)
        _leaf(entry, "content", update.html, {"type": "html"})
        ET.SubElement(entry, "link", {"rel": "alternate", "href": link_of(look, one, update)})
    return _xml(feed)


def _rss(entries: Sequence[Entry], look: PageLook, now: datetime) -> bytes:
    """RSS 2.0, as https://www.rssboard.org/rss-specification has it."""
    feed = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(feed, "channel")
    _leaf(channel, "title", look.title)
    _leaf(channel, "link", f"{look.address}/")
    _leaf(channel, "description", look.title)
    _leaf(channel, "language", look.language or "en")
    _leaf(channel, "lastBuildDate", format_datetime(now.astimezone(UTC), usegmt=True))
    for one, update in _said(entries):
        item = ET.SubElement(channel, "item")
        _leaf(item, "title", update.title)
        _leaf(item, "link", link_of(look, one, update))
        _leaf(item, "guid", link_of(look, one, update), {"isPermaLink": "true"})
        _leaf(item, "pubDate", format_datetime(update.at.astimezone(UTC), usegmt=True))
        _leaf(item, "description", update.html)
    return _xml(feed)


def _leaf(parent: ET.Element, name: str, text: str, more: dict[str, str] | None = None) -> None:
    ET.SubElement(parent, name, more or {}).text = "".join(
        sign if _may_stand_in_xml(sign) else "\N{REPLACEMENT CHARACTER}" for sign in text
    )


def _may_stand_in_xml(sign: str) -> bool:
    """XML 1.0, production 2: some control characters can stand in no document, escaped or not."""
    code = ord(sign)
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or (code >= 0x10000)
    )


def _xml(root: ET.Element) -> bytes:
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
