"""Looks at weeks of history, some servers a second: when disks will be full, what is usual.

Owned by the conductor's thread; the history is read on a worker of its own, and what it finds comes
back as an event.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from noc_console.engine.events import Event, Said
from noc_console.engine.picture import Picture
from noc_console.engine.workers import Workers
from noc_console.errors import ConsoleError
from noc_console.health.baseline import (
    BASELINE_WEEKS,
    FOLLOWED,
    Baseline,
    baseline_of,
    hour_of_week,
)
from noc_console.health.line_book import LineSet
from noc_console.health.measures import INODES_USED, MOUNT_USED
from noc_console.health.outlook import OUTLOOK_DAYS, Outlook, outlook_of
from noc_console.health.slope import TimeTo
from noc_console.store.history import History, HistorySlice, Step
from noc_console.store.store import Store
from noc_console.telemetry.host import Mount

log = logging.getLogger(__name__)

OUTLOOK_EVERY_S = 3600.0
BASELINE_EVERY_S = 86_400.0
FIRST_AFTER_S = 20.0
AT_ONCE = 3
"""Servers a second: five thousand are looked at within half an hour, at some percent of a core."""


@dataclass(slots=True)
class _Due:
    outlook_s: float
    baseline_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a worker is to look at for one server."""

    server_id: int
    mounts: Sequence[Mount]
    lines: LineSet
    with_baseline: bool


class LookBack:
    """Chooses whom to look at next, and gives their pictures what was found."""

    def __init__(
        self,
        store: Store,
        pictures: Callable[[], Mapping[int, Picture]],
        post: Callable[[Event], None],
        wall: Callable[[], datetime],
    ) -> None:
        """Begin some time after the start, when connections are made."""
        self._history = History(store)
        self._pictures = pictures
        self._post = post
        self._wall = wall
        self._workers = Workers("look-back", 1)
        self._due: dict[int, _Due] = {}
        self._is_busy = False
        self._hour = -1

    def turn(self, now_s: float) -> None:
        """Look at the servers whose time (monotonic) has come; turn to the hour that began."""
        pictures = self._pictures()
        self._turn_hour(pictures)
        for server_id in self._due.keys() - pictures.keys():
            del self._due[server_id]
        for server_id in pictures.keys() - self._due.keys():
            self._due[server_id] = _Due(now_s + FIRST_AFTER_S, now_s + FIRST_AFTER_S)
        if self._is_busy:
            return
        wanted = self._choose(pictures, now_s)
        if wanted:
            self._is_busy = True
            self._workers.submit(lambda: self._look(wanted))

    def stop(self) -> None:
        """Look at no more."""
        self._workers.stop()

    def _turn_hour(self, pictures: Mapping[int, Picture]) -> None:
        hour = hour_of_week(self._wall())
        if hour != self._hour:
            self._hour = hour
            for picture in pictures.values():
                picture.watch.unusual.turn_to(hour)

    def _choose(self, pictures: Mapping[int, Picture], now_s: float) -> list[_Wanted]:
        due = [  # a server of which no file system is known yet has no disk to look at
            one
            for one, when in self._due.items()
            if when.outlook_s <= now_s and pictures[one].mounts
        ]
        wanted: list[_Wanted] = []
        for server_id in due[:AT_ONCE]:
            when, picture = self._due[server_id], pictures[server_id]
            with_baseline = when.baseline_s <= now_s
            when.outlook_s = now_s + OUTLOOK_EVERY_S
            if with_baseline:
                when.baseline_s = now_s + BASELINE_EVERY_S
            wanted.append(
                _Wanted(
                    server_id=server_id,
                    mounts=picture.mounts,
                    lines=picture.watch.lines,
                    with_baseline=with_baseline,
                )
            )
        return wanted

    def _look(self, wanted: Sequence[_Wanted]) -> None:
        """Runs on the worker."""
        try:
            for one in wanted:
                outlook = self._outlook(one)
                baseline = self._baseline(one.server_id) if one.with_baseline else None
                self._post(Said(partial(self._take, one.server_id, outlook, baseline)))
        except ConsoleError as error:
            log.info("history cannot be looked at now: %s", error.sentence)
        finally:
            self._post(Said(self._finish))

    def _outlook(self, wanted: _Wanted) -> Outlook:
        now = self._wall()
        levels = dict(_levels(wanted))
        start = now - timedelta(days=OUTLOOK_DAYS)
        past = self._read(wanted.server_id, list(levels), start, now)
        times_s = past.times_ms / 1000
        times: dict[str, TimeTo] = {}
        for key, cut_off in levels.items():
            found = outlook_of(times_s, past.average[key], cut_off)
            if found is not None:
                times[key] = found
        return Outlook(at=now, times=times)

    def _baseline(self, server_id: int) -> Baseline:
        now = self._wall()
        start = now - timedelta(weeks=BASELINE_WEEKS)
        past = self._read(server_id, list(FOLLOWED), start, now)
        return baseline_of(past.times_ms / 1000, past.average)

    def _read(
        self, server_id: int, metrics: Sequence[str], start: datetime, end: datetime
    ) -> HistorySlice:
        step = Step.FIVE_MINUTES
        return self._history.read(
            server_id, metrics, start, end, step, with_newest=False, with_gaps=False
        )

    def _take(self, server_id: int, outlook: Outlook, baseline: Baseline | None) -> None:
        picture = self._pictures().get(server_id)
        if picture is None:
            return
        picture.watch.take_outlook(outlook)
        if baseline is not None:
            picture.watch.unusual.use(baseline)
            picture.watch.unusual.turn_to(self._hour)

    def _finish(self) -> None:
        self._is_busy = False


def _levels(wanted: _Wanted) -> list[tuple[str, float]]:
    """Give the cut-off of each fill that has one."""
    keys = [
        f"{name}:{mount.mount}" for mount in wanted.mounts for name in (MOUNT_USED, INODES_USED)
    ]
    found = [(key, wanted.lines.lines(key)) for key in keys]
    return [
        (key, lines.cut_off)
        for key, lines in found
        if lines is not None and lines.cut_off is not None and lines.forecast_minutes
    ]
