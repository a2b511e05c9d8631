"""The start of work as a person types it, and the instant it stands for. Pure."""

from dataclasses import replace
from datetime import datetime

from noc_console.errors import ConsoleError
from noc_console.incidents.planning.plan_text import parse_start
from noc_console.incidents.wall_time import WallChoice, instants_of, wall_of, zone_of
from noc_console.notices.notice import Notice


def with_start(notice: Notice, now: datetime) -> Notice:
    """Give the notice with the instant that its typed start stands for, in its zone.

    A start that cannot be read, or is unclear as long as no choice is made, leaves it without.
    `now` and `+2h` are written out, so that what is kept does not move with the clock.
    """
    typed = notice.typed_start.strip()
    if not typed:
        return replace(notice, starts_at=None)
    try:
        at = _read(typed, notice.zone, notice.wall_choice, now)
    except ConsoleError:
        return replace(notice, starts_at=None)
    if typed == "now" or typed.startswith("+"):
        typed = start_text(at, notice.zone)
    return replace(notice, starts_at=at, typed_start=typed)


def begin_at(notice: Notice, at: datetime) -> Notice:
    """Give the notice with another start, typed as a person would; where the clocks change the
    choice is the one that gives this instant.
    """
    zone = zone_of(notice.zone)
    earlier, later = instants_of(wall_of(at, zone), zone)
    choice = WallChoice.NOT_MADE
    if earlier != later:
        choice = WallChoice.EARLIER if at == earlier else WallChoice.LATER
    typed = start_text(at, notice.zone)
    return replace(notice, starts_at=at, typed_start=typed, wall_choice=choice)


def is_taken_over(notice: Notice, now: datetime) -> bool:
    """Whether the start that was typed and the instant that is told are the same."""
    if not notice.typed_start.strip():
        return True
    return with_start(notice, now).starts_at == notice.starts_at


def start_fault(notice: Notice, now: datetime) -> str:
    """Say why the typed start stands for no instant; empty where it does, or nothing was typed."""
    if not notice.typed_start.strip():
        return ""
    try:
        _read(notice.typed_start.strip(), notice.zone, notice.wall_choice, now)
    except ConsoleError as failure:
        return failure.sentence
    return ""


def start_text(at: datetime, zone_name: str) -> str:
    """Give an instant as a person would type it in a zone: `Sat 2026-12-05 02:00`."""
    local = at.astimezone(zone_of(zone_name))
    return local.strftime("%a %Y-%m-%d %H:%M" if not local.second else "%a %Y-%m-%d %H:%M:%S")


def _read(typed: str, zone_name: str, choice: WallChoice, now: datetime) -> datetime:
    return parse_start(typed, zone_of(zone_name), choice, now)
