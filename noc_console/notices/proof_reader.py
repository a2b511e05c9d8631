"""Reads a notice before it is approved: what may be wrong with it, a sentence each. Pure.

What refuses must be mended, what warns should be looked at, what tells is good to know. What is
missing altogether is said by the seven lamps, not here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noc_console.fleet.server import Server
from noc_console.incidents.planning.proof_reader import Finding, Weight
from noc_console.incidents.planning.proof_words import weekday_name
from noc_console.incidents.wall_time import UnknownZone, clock_changes, wall_of, zone_of
from noc_console.incidents.windows.window import Occurrence, ids_by_group
from noc_console.notices.around import Around
from noc_console.notices.audience import Audience
from noc_console.notices.dates_told import (
    clocks_without_zone,
    dates_named,
    dates_without_year,
    weekdays_named,
)
from noc_console.notices.notice import TRANSLATED, Notice, RouteKind, Translation
from noc_console.notices.plan import TOLD_A_WEEK_AHEAD
from noc_console.notices.route_hosts import MAIL, is_readable
from noc_console.notices.seven import GAP
from noc_console.notices.word_book import WordBook, words_found

_WEEK = timedelta(days=7)
_FAR = timedelta(days=300)
_LONG_TITLE = 100
_MOST_NAMED = 3
_FIELD_WORDS = {
    "title": "The title",
    "disrupted": "What is disrupted",
    "not_disrupted": "What is not disrupted",
    "reasons": "The reason",
    "benefit": "The benefit",
    "alternatives": "The alternative",
    "no_alternatives_because": "Why there is no alternative",
    "noticed": "What customers notice",
    "cause": "The cause",
    "next_steps": "What comes next",
}
_OF_SCHEDULED_ONLY = frozenset(
    {"disrupted", "not_disrupted", "reasons", "benefit", "no_alternatives_because"}
)
_OF_UNSCHEDULED_ONLY = frozenset({"noticed", "cause", "next_steps"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice with what follows from it."""

    notice: Notice
    around: Around
    audience: Audience
    books: Mapping[str, WordBook]

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Give each text that is told: how it is called, its language, itself."""
        notice = self.notice
        passed = _OF_UNSCHEDULED_ONLY if notice.is_scheduled else _OF_SCHEDULED_ONLY
        sources: list[tuple[str, Notice | Translation]] = [(notice.language, notice)]
        sources += [(one.language, one) for one in notice.translations]
        for language, source in sources:
            where = "" if source is notice else f" in {language}"
            for name in TRANSLATED:
                if name not in passed and (text := getattr(source, name)):
                    yield f"{_FIELD_WORDS[name]}{where}", language, text
        for planned in notice.plan:
            for text in (planned.title, planned.text):
                if text:
                    called = f"The text for {planned.send.value} on {planned.channel}"
                    yield called, notice.language, text


def proof_read(
    notice: Notice, around: Around, books: Mapping[str, WordBook] | None = None
) -> list[Finding]:
    """Give what there is to say of a notice, what matters most first.

    `books` are the words of each language that say too little or that customers may not know.
    """
    draft = Draft(notice=notice, around=around, audience=around.audience(notice), books=books or {})
    readers = [*_OF_ALL, *(_OF_SCHEDULED if notice.is_scheduled else _OF_UNSCHEDULED)]
    found = [finding for read in readers for finding in read(draft)]
    return sorted(found, key=lambda finding: list(Weight).index(finding.weight))


def _of_scope(draft: Draft) -> Iterable[Finding]:
    notice, servers = draft.notice, draft.around.servers
    there = {server.id for server in servers}
    gone = [one for one in notice.servers if one not in there]
    if gone:
        yield _warn("servers", f"{len(gone)} of its servers were deleted.")
    for group in notice.groups:
        if not any(group in server.groups for server in servers):
            yield _warn("servers", f"No server is in the group {group}; look at its name.")
    if unknown := _without_site(notice, servers):
        yield _warn("customers", f"No site in the fleet belongs to {_some(unknown)}; look at it.")
    if draft.audience.sites_of_nobody:
        yield Finding(
            "customers",
            Weight.TELLS,
            f"{draft.audience.sites_of_nobody} of {len(draft.audience.sites)} sites have no"
            " customer: nobody is written to for them.",
        )


def _without_site(notice: Notice, servers: Sequence[Server]) -> list[str]:
    """Give the named customers who have no site; the fleet is looked through only for these."""
    if not notice.customers:
        return []
    with_sites = {site.customer.casefold() for one in servers for site in one.sites}
    return [one for one in notice.customers if one.casefold() not in with_sites]


def _of_gaps(draft: Draft) -> Iterable[Finding]:
    for where, _, text in draft.texts():
        if gap := GAP.search(text):
            yield Finding("gap", Weight.REFUSES, f"{where} still has {gap[0]} in it; fill it in.")


def _of_words(draft: Draft) -> Iterable[Finding]:
    for where, language, text in draft.texts():
        book = draft.books.get(language, WordBook())
        for word, hint in words_found(text, book.vague):
            yield _warn("vague", f"{where} says {word!r}, which tells nobody anything; {hint}.")
        for word, hint in words_found(text, book.jargon):
            words = f"{where} says {word!r}, which customers may not know; {hint}."
            yield Finding("jargon", Weight.TELLS, words)


def _of_times_in_texts(draft: Draft) -> Iterable[Finding]:
    for where, language, text in draft.texts():
        if dates := dates_without_year(text, language):
            yield _warn("year", f"{where} names {_some(dates)} without a year; add it.")
        if clocks := clocks_without_zone(text):
            yield _warn("zone", f"{where} names {_some(clocks)} without a time zone; add it.")


def _of_languages(draft: Draft) -> Iterable[Finding]:
    notice = draft.notice
    for language in (notice.language, *(one.language for one in notice.translations)):
        if words := _template_words(language, draft.around):
            yield _warn("language", words)
    for one in notice.translations:
        missing = [
            _FIELD_WORDS[name].lower()
            for name in TRANSLATED
            if getattr(notice, name) and not getattr(one, name)
        ]
        if missing:
            yield _warn("language", f"In {one.language} {', '.join(missing)} is missing.")


def _template_words(language: str, around: Around) -> str:
    """Say what of a language's notices is in English all the same; nothing where nothing is."""
    if language not in around.languages:
        ready = " or ".join(sorted(around.languages))
        return (
            f"There are no templates in {language!r}: headings, dates and set sentences go out in"
            f" English around your text. Write it in {ready}, or add templates (Ctrl+9, Templates)."
        )
    if lacking := around.lacking.get(language):
        return (
            f"In {language!r} there is no template for {_some(lacking)}: headings and set sentences"
            " of that go out in English; add it (Ctrl+9, Templates)."
        )
    return ""


def _of_title(draft: Draft) -> Iterable[Finding]:
    title = draft.notice.title
    if not title.strip():
        yield Finding("title", Weight.REFUSES, "Give it a title.")
    elif len(title) > _LONG_TITLE:
        words = f"The title has {len(title)} characters; many mail readers show {_LONG_TITLE}."
        yield Finding("title", Weight.TELLS, words)


def _of_routes(draft: Draft) -> Iterable[Finding]:
    notice = draft.notice
    for route in notice.routes:
        if not is_readable(route):
            continue
        found = draft.around.dependence(notice, route)
        if found.on:
            yield _warn(
                "route",
                f"{route.words} depends on {found.on}, which is disrupted: customers will not get"
                " through.",
            )
        elif not found.is_looked_up:
            hosts = _some(one.removeprefix(MAIL) for one in found.hosts)
            words = (
                f"It was not looked up where {hosts} leads; see that it is on no server of these."
            )
            yield Finding("route", Weight.TELLS, words)
        if route.kind is RouteKind.PHONE and not route.words.strip().startswith("+"):
            words = f"Write {route.words} with its country, such as +49 30 1234567."
            yield Finding("route", Weight.TELLS, words)


def _of_start(draft: Draft) -> Iterable[Finding]:
    notice, now = draft.notice, draft.around.now
    if notice.starts_at is None or not _has_zone(notice):
        return
    ahead = notice.starts_at - now
    if timedelta() < ahead < _WEEK and (words := _late_words(draft, notice.starts_at)):
        yield _warn("late", words)
    if ahead > _FAR:
        yield _warn("far", f"It begins in {ahead.days} days; look at the year.")
    local = wall_of(notice.starts_at, zone_of(notice.zone))
    for where, language, text in (
        ("The start as it was typed", "en", notice.typed_start),
        *draft.texts(),
    ):
        named = weekdays_named(text, language)
        if named and local.weekday() not in named:
            names = " and ".join(weekday_name(one) for one in sorted(named))
            day = weekday_name(local.weekday())
            yield _warn("weekday", f"{where} says {names}, but {local:%Y-%m-%d} is a {day}.")
        dates = dates_named(text, language)
        if dates and (local.month, local.day) not in dates:
            yield _warn("date", f"{where} names another date than {local:%A %Y-%m-%d}.")


def _late_words(draft: Draft, start: datetime) -> str:
    """Say that customers do not have their week; nothing where they were told it in time."""
    told = draft.around.told
    if start in told:
        had = start - told[start]
        if had >= TOLD_A_WEEK_AHEAD:
            return ""
        return f"Customers were told of it {_ahead_text(had)} before it begins, not a week."
    begins = f"It begins in {_ahead_text(start - draft.around.now)}:"
    if told:
        return (
            f"{begins} those who were told another time hear of this one less than a week before."
        )
    return (
        f"{begins} too late to tell customers a week before. The text says so, and asks to be"
        " excused."
    )


def _ahead_text(span: timedelta) -> str:
    days = span / timedelta(days=1)
    return f"{days:.0f} days" if days >= 2 else f"{span / timedelta(hours=1):.0f} hours"


def _of_clocks(draft: Draft) -> Iterable[Finding]:
    notice = draft.notice
    if notice.starts_at is None or notice.ends_at is None or not _has_zone(notice):
        return
    zone = zone_of(notice.zone)
    for change in clock_changes(notice.starts_at, notice.ends_at, zone):
        first, last = (wall_of(at, zone) for at in (notice.starts_at, notice.ends_at))
        yield _warn(
            "clock",
            f"The clocks change at {change:%Y-%m-%d %H:%M} UTC within it: from {first:%H:%M} to"
            f" {last:%H:%M} by the wall it lasts {notice.minutes} min all the same; the text gives"
            " both offsets.",
        )


def _of_window(draft: Draft) -> Iterable[Finding]:
    notice, window = draft.notice, draft.around.window
    if notice.starts_at is None:
        return
    if window is None and notice.window_id:
        words = (
            f"Window {notice.window_id} is not there any more, so what waits is held; link another."
        )
        yield _warn("window", words)
        return
    if window is None:
        words = "No window is linked: alarms will call, and what is down counts as not planned."
        yield Finding("window", Weight.TELLS, words)
        return
    mates = [one for one in draft.around.occurrences if one.window.id == window.id]
    fitting = [one for one in mates if one.planned_start == notice.starts_at]
    if window.cancelled_at is not None or any(one.is_cancelled for one in fitting):
        yield _warn("window", f"Window {window.id} ({window.title}) is cancelled.")
    elif not fitting and window.starts_at != notice.starts_at:
        words = f"Window {window.id} ({window.title}) does not begin at the time told here."
        yield _warn("window", words)
    if window.minutes != notice.minutes:
        yield _warn(
            "window",
            f"Window {window.id} lasts {window.minutes} min, but {notice.minutes} min are told.",
        )
    uncovered = [one.name for one in draft.audience.servers if not window.covers(one)]
    if uncovered:
        yield _warn("window", f"Window {window.id} is not for {_some(uncovered)}.")


def _of_overlaps(draft: Draft) -> Iterable[Finding]:
    notice = draft.notice
    if notice.starts_at is None or notice.ends_at is None:
        return
    meeting = [
        other
        for other in draft.around.occurrences
        if other.window.id != notice.window_id and _meets(other, notice)
    ]
    if not meeting:  # a large fleet is gone through only for these
        return
    groups, ours = ids_by_group(draft.around.servers), draft.audience.server_ids
    names = {one.id: one.name for one in draft.audience.servers}
    for other in meeting:
        if same := other.covered_ids(groups) & ours:
            yield _warn(
                "overlap",
                f"It overlaps window {other.window.id} ({other.window.title}) on"
                f" {_some(names[one] for one in same)}.",
            )


def _meets(other: Occurrence, notice: Notice) -> bool:
    if other.is_cancelled or notice.starts_at is None or notice.ends_at is None:
        return False
    return other.planned_start < notice.ends_at and notice.starts_at < other.planned_end


def _of_blackouts(draft: Draft) -> Iterable[Finding]:
    notice = draft.notice
    if notice.starts_at is None or notice.ends_at is None:
        return
    for one in draft.around.blackouts:
        covered = [
            server
            for server in draft.audience.servers
            if not one.groups or not set(one.groups).isdisjoint(server.groups)
        ]
        if covered and one.start < notice.ends_at and notice.starts_at < one.end:
            yield _warn(
                "blackout",
                f"No work is to be done from {one.start:%Y-%m-%d %H:%M} to"
                f" {one.end:%Y-%m-%d %H:%M} UTC ({one.why}).",
            )


def _of_promise(draft: Draft) -> Iterable[Finding]:
    minutes = draft.notice.next_update_minutes
    if minutes > 120:
        words = f"The next update is promised in {minutes} min; customers expect one each hour."
        yield Finding("promise", Weight.TELLS, words)


def _has_zone(notice: Notice) -> bool:
    try:
        zone_of(notice.zone)
    except UnknownZone:
        return False
    return True


def _warn(key: str, words: str) -> Finding:
    return Finding(key, Weight.WARNS, words)


def _some(names: Iterable[str]) -> str:
    ordered = sorted(names)
    rest = len(ordered) - _MOST_NAMED
    shown = ", ".join(ordered[:_MOST_NAMED])
    return f"{shown} and {rest} more" if rest > 0 else shown


_Reader = Callable[[Draft], Iterable[Finding]]
_OF_ALL: tuple[_Reader, ...] = (
    *(_of_title, _of_scope, _of_gaps, _of_words, _of_times_in_texts, _of_languages, _of_routes),
)
_OF_SCHEDULED: tuple[_Reader, ...] = (
    *(_of_start, _of_clocks, _of_window, _of_overlaps, _of_blackouts),
)
_OF_UNSCHEDULED: tuple[_Reader, ...] = (_of_promise,)
