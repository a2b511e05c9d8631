"""A window of maintenance, when it occurs, how it went, and what it books. Pure: no clock.

The rules, as they are printed with each availability report:
- a window books as scheduled only what lies between its planned start and its planned end, or the
  end that a person recorded when that was earlier. What goes on after the planned end is an overrun
  and counts as unscheduled, also when a person extended it: customers were told the planned end;
- one that is extended mutes to the end that was set;
- a window that was entered after its start books nothing: nobody was told of it. It still mutes.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from noc_console.errors import ConsoleError
from noc_console.fleet.server import Server
from noc_console.incidents.wall_time import WallChoice, instants_of, wall_of, zone_of
from noc_console.incidents.windows.recurrence import Recurrence

MAX_MINUTES = 14 * 24 * 60
MAX_TITLE_LENGTH = 200
MAX_TEXT_LENGTH = 4000
_DAY = timedelta(days=1)


class InvalidWindow(ConsoleError):
    """A window's fields that cannot be right; the sentence says what to write instead."""


class Stage(Enum):
    """Where an occurrence stands."""

    PLANNED = "planned"
    RUNNING = "running"
    OVERRUN = "overrun"
    """Its planned end has passed, a person began or extended it and nobody has ended it."""
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Planned work: for whom, from which instant, for how many minutes, how often.

    `servers` are ids; `groups` cover whoever is in them when it begins. Without `services` it is
    for whole servers. `id` is 0 until the store has given one.
    """

    id: int = 0
    title: str
    servers: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    starts_at: datetime
    minutes: int
    zone: str = "UTC"
    recurrence: Recurrence | None = None
    wall_choice: WallChoice = WallChoice.NOT_MADE
    """Which instant is meant by a repeat's wall time that a clock change skips or doubles."""
    notice: str = ""
    """Where customers are told of it: a link or a text."""
    notes: str = ""
    entered_by: str = ""
    entered_at: datetime
    cancelled_by: str = ""
    cancelled_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be right.

        Raises:
            InvalidWindow: with what to write instead.
        """
        if not self.title.strip() or len(self.title) > MAX_TITLE_LENGTH:
            raise InvalidWindow(f"Give the window a title of 1 to {MAX_TITLE_LENGTH} characters.")
        if not 1 <= self.minutes <= MAX_MINUTES:
            raise InvalidWindow(f"A window lasts 1 to {MAX_MINUTES} minutes (14 days).")
        if not self.servers and not self.groups:
            raise InvalidWindow("Name at least one server or group that the window is for.")
        if max(len(self.notice), len(self.notes)) > MAX_TEXT_LENGTH:
            raise InvalidWindow(f"Notice and notes hold at most {MAX_TEXT_LENGTH} characters.")
        if self.starts_at.tzinfo is None or self.entered_at.tzinfo is None:
            raise ValueError("a window's instants need a zone")

    @property
    def duration(self) -> timedelta:
        """How long it is planned to last."""
        return timedelta(minutes=self.minutes)

    def covers(self, server: Server) -> bool:
        """Whether it is for this server as things are now."""
        return server.id in self.servers or not set(self.groups).isdisjoint(server.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How one occurrence went: what a person recorded and what was seen. None: not so far."""

    window_id: int
    planned_at: datetime
    covered: tuple[int, ...] | None = None
    """The servers it was for when it began."""
    started_at: datetime | None = None
    started_by: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    seen_down_at: datetime | None = None
    """When the first of its servers was seen to go down."""
    seen_up_at: datetime | None = None
    """When the last of them was seen to be back."""
    skipped_at: datetime | None = None
    skipped_by: str = ""
    extended_to: datetime | None = None
    """To when a person says the work goes on, past its planned end."""
    extended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which a window takes place."""

    window: Window
    planned_start: datetime
    run: Run | None = None

    @property
    def planned_end(self) -> datetime:
        """The instant at which it is to be over."""
        return self.planned_start + self.window.duration

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place: skipped, or its window was cancelled before it."""
        cancelled_at = self.window.cancelled_at
        is_skipped = self.run is not None and self.run.skipped_at is not None
        return is_skipped or (cancelled_at is not None and cancelled_at <= self.planned_start)

    @property
    def ended_at(self) -> datetime | None:
        """When a person ended it, or cancelled the window while it went on."""
        recorded = self.run.ended_at if self.run else None
        told = [one for one in (recorded, self.window.cancelled_at) if one is not None]
        return min(told) if told else None

    @property
    def books(self) -> bool:
        """Whether its downtime counts as scheduled: it was entered before it began."""
        return not self.is_cancelled and self.window.entered_at <= self.planned_start

    @property
    def booked(self) -> tuple[datetime, datetime] | None:
        """Give the span in which downtime counts as scheduled; None where there is none."""
        if not self.books:
            return None
        end = min(self.planned_end, self.ended_at or self.planned_end)
        return (self.planned_start, end) if end > self.planned_start else None

    @property
    def muted(self) -> tuple[datetime, datetime] | None:
        """Give the span in which its alarms are mute: from a person's start, to an extended end."""
        if self.is_cancelled:
            return None
        began = self.run.started_at if self.run else None
        start = min(self.planned_start, began or self.planned_start)
        end = max(self.planned_end, self.extended_to or self.planned_end)
        end = min(end, self.ended_at or end)
        return (start, end) if end > start else None

    @property
    def extended_to(self) -> datetime | None:
        """To when a person extended it; None when nobody did."""
        return self.run.extended_to if self.run else None

    def stage(self, now: datetime) -> Stage:
        """Tell where it stands at `now`."""
        if self.is_cancelled:
            return Stage.CANCELLED
        if self.ended_at is not None and self.ended_at <= now:
            return Stage.OVER
        began = self.run.started_at if self.run else None
        if now < min(self.planned_start, began or self.planned_start):
            return Stage.PLANNED
        if now < self.planned_end:
            return Stage.RUNNING
        is_at_work = began is not None or self.extended_to is not None
        return Stage.OVERRUN if is_at_work else Stage.OVER

    def covers(self, server: Server) -> bool:
        """Whether it is, or was when it began, for this server."""
        if self.run is not None and self.run.covered is not None:
            return server.id in self.run.covered
        return self.window.covers(server)

    def covered_ids(self, ids_by_group: Mapping[str, Set[int]]) -> set[int]:
        """Give the ids of the servers that it is, or was when it began, for."""
        if self.run is not None and self.run.covered is not None:
            return set(self.run.covered)
        members = (ids_by_group.get(group, ()) for group in self.window.groups)
        return set(self.window.servers).union(*members)


def ids_by_group(servers: Sequence[Server]) -> dict[str, set[int]]:
    """Give the ids of the servers in each group."""
    found: dict[str, set[int]] = {}
    for server in servers:
        for group in server.groups:
            found.setdefault(group, set()).add(server.id)
    return found


Runs = Mapping[tuple[int, datetime], Run]
"""How occurrences went, by window id and planned start."""


def occurrences(
    window: Window, start: datetime, end: datetime, runs: Runs | None = None
) -> Iterator[Occurrence]:
    """Give the occurrences of a window that touch [start, end), in order, cancelled ones too.

    Repeats that were over when the window was entered never were.
    """
    known = runs or {}
    if window.recurrence is not None:
        start = max(start, window.entered_at)
    for planned in _starts(window, start - window.duration, end):
        if planned < end and planned + window.duration > start:
            yield Occurrence(
                window=window, planned_start=planned, run=known.get((window.id, planned))
            )


def all_occurrences(
    windows: Sequence[Window], start: datetime, end: datetime, runs: Runs | None = None
) -> list[Occurrence]:
    """Give the occurrences of many windows that touch [start, end), by planned start."""
    found = [one for window in windows for one in occurrences(window, start, end, runs)]
    return sorted(found, key=lambda one: (one.planned_start, one.window.id))


def _starts(window: Window, start: datetime, end: datetime) -> Iterator[datetime]:
    """Give planned starts from a little before `start` on, up to `end`."""
    yield window.starts_at
    if window.recurrence is None:
        return
    zone = zone_of(window.zone)
    wall = wall_of(window.starts_at, zone)
    for day in window.recurrence.dates(wall.date(), wall_of(start, zone).date() - _DAY):
        earlier, later = instants_of(
            wall.replace(year=day.year, month=day.month, day=day.day), zone
        )
        planned = earlier if window.wall_choice is WallChoice.EARLIER else later
        if planned >= end:
            return
        if day > wall.date():  # the first one is the instant that a person gave
            yield planned
