"""Windows and how their occurrences went: their only SQL.

A window that has begun is never changed backwards: what its past occurrences booked stays. Editing
one that repeats ends the old row and enters a new one.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from noc_console.errors import ConsoleError
from noc_console.incidents.wall_time import WallChoice
from noc_console.incidents.windows.recurrence import recurrence_from_json, recurrence_to_json
from noc_console.incidents.windows.window import (
    InvalidWindow,
    Occurrence,
    Run,
    Runs,
    Stage,
    Window,
    all_occurrences,
    occurrences,
)
from noc_console.store.changes import bump
from noc_console.store.rows import put_rows
from noc_console.store.schema.windows import maintenance_window as table
from noc_console.store.schema.windows import window_run
from noc_console.store.store import Store

_EARLIEST_START = timedelta(hours=2)
"""A person may begin work this long before its planned start."""

_LATEST_END = timedelta(days=14)
"""For so long after its planned end an occurrence can be ended by a person."""

_LONGEST_EXTENSION = timedelta(hours=24)


class UnknownWindow(ConsoleError):
    """No window of that number."""


class WindowNotOpen(ConsoleError):
    """What was asked does not go with where the window stands; the sentence says how it stands."""


def list_windows(store: Store, *, with_cancelled: bool = False) -> list[Window]:
    """Give the windows, by their first start; a cancelled one too when asked."""
    query = sa.select(table).order_by(table.c.starts_at, table.c.id)
    if not with_cancelled:
        query = query.where(table.c.cancelled_at.is_(None))
    with store.read() as connection:
        return [_window_of(row._asdict()) for row in connection.execute(query)]


def get_window(store: Store, window_id: int) -> Window:
    """Give a window by its number.

    Raises:
        UnknownWindow: there is none.
    """
    with store.read() as connection:
        return _get(connection, window_id)


def list_runs(store: Store, start: datetime, end: datetime) -> Runs:
    """Give how occurrences went that were planned to start within [start, end)."""
    query = sa.select(window_run).where(
        window_run.c.planned_at >= start, window_run.c.planned_at < end
    )
    with store.read() as connection:
        runs = [_run_of(row._asdict()) for row in connection.execute(query)]
    return {(run.window_id, run.planned_at): run for run in runs}


def list_occurrences(store: Store, start: datetime, end: datetime) -> list[Occurrence]:
    """Give every occurrence that touches [start, end), cancelled ones too, by planned start."""
    windows = list_windows(store, with_cancelled=True)
    runs = list_runs(store, start - _LATEST_END - _EARLIEST_START, end + _EARLIEST_START)
    return all_occurrences(windows, start, end, runs)


def occurrence_now(store: Store, window_id: int, now: datetime) -> Occurrence | None:
    """Give the occurrence of a window that goes on, was not ended, or comes next."""
    window = get_window(store, window_id)
    runs = list_runs(store, now - 2 * _LATEST_END, now + _LATEST_END)
    ahead = occurrences(window, now - _LATEST_END, now + _EARLIEST_START, runs)
    going_on = [one for one in ahead if one.stage(now) in {Stage.RUNNING, Stage.OVERRUN}]
    if going_on:
        return going_on[-1]
    following = occurrences(window, now, now + timedelta(days=800), runs)
    return next((one for one in following if one.stage(now) is Stage.PLANNED), None)


def add_window(store: Store, window: Window) -> Window:
    """Enter a window; gives it with its number."""
    with store.write() as connection:
        added = _insert(connection, window)
        bump(connection, "window")
    return added


def edit_window(store: Store, window: Window, now: datetime) -> Window:
    """Put a window's new fields in the place of the old ones, by its number.

    When it has already occurred the old one ends now and the new one is entered beside it; gives
    the one that holds from now on.

    Raises:
        UnknownWindow, WindowNotOpen: there is none, it was cancelled, or it goes on right now.
    """
    with store.write() as connection:
        before = _get(connection, window.id)
        _refuse_closed(before)
        is_other = _is_rescheduled(before, window)
        entered_at, entered_by = (
            (now, window.entered_by) if is_other else (before.entered_at, before.entered_by)
        )
        wanted = replace(window, entered_at=entered_at, entered_by=entered_by)
        if not is_other or now < before.starts_at:
            values = _columns(wanted)
            connection.execute(sa.update(table).where(table.c.id == window.id).values(**values))
            bump(connection, "window")
            return wanted
        if _goes_on(connection, before, now):
            raise WindowNotOpen(
                f"Window {before.id} goes on right now, so its times and servers stay; end it "
                "first, or change only title, notice and notes."
            )
        _cancel(connection, before, wanted.entered_by, now)
        added = _insert(connection, _from_now_on(wanted, now))
        bump(connection, "window")
    return added


def cancel_window(store: Store, window_id: int, by: str, now: datetime) -> Window:
    """Call a window off from now on; what it booked before stays. Gives it as it is now.

    Raises:
        UnknownWindow, WindowNotOpen: there is none, or it was cancelled before.
    """
    with store.write() as connection:
        window = _get(connection, window_id)
        _refuse_closed(window)
        _cancel(connection, window, by, now)
        bump(connection, "window")
    return replace(window, cancelled_by=by, cancelled_at=now)


def skip_occurrence(store: Store, occurrence: Occurrence, by: str, now: datetime) -> None:
    """Call off one occurrence of a window that repeats; the others stay.

    Raises:
        WindowNotOpen: it has begun already.
    """
    if occurrence.stage(now) is not Stage.PLANNED:
        raise WindowNotOpen("Only an occurrence that has not begun can be skipped; end it instead.")
    _put_run(store, occurrence, {"skipped_at": now, "skipped_by": by})


def start_window(store: Store, window_id: int, by: str, now: datetime) -> Occurrence:
    """Record that work began now; gives the occurrence.

    Raises:
        UnknownWindow, WindowNotOpen: there is none, or none that can begin now.
    """
    occurrence = occurrence_now(store, window_id, now)
    if occurrence is None or now < occurrence.planned_start - _EARLIEST_START:
        raise WindowNotOpen(
            f"Window {window_id} has nothing planned within the next 2 hours; add a window for "
            "work that begins now."
        )
    if occurrence.run is not None and occurrence.run.started_at is not None:
        raise WindowNotOpen(
            f"Window {window_id} was begun already by {occurrence.run.started_by}; end it with "
            f"`window end {window_id}`."
        )
    run = _put_run(store, occurrence, {"started_at": now, "started_by": by})
    return replace(occurrence, run=run)


def end_window(store: Store, window_id: int, by: str, now: datetime) -> Occurrence:
    """Record that the work is done; alarms speak again from now on. Gives the occurrence.

    Raises:
        UnknownWindow, WindowNotOpen: there is none, or it does not go on.
    """
    occurrence = occurrence_now(store, window_id, now)
    if occurrence is None or occurrence.stage(now) is Stage.PLANNED:
        raise WindowNotOpen(
            f"Window {window_id} does not go on now, so it cannot be ended; `window cancel "
            f"{window_id}` calls it off."
        )
    run = _put_run(store, occurrence, {"ended_at": now, "ended_by": by})
    return replace(occurrence, run=run)


def extend_window(store: Store, window_id: int, to: datetime, by: str, now: datetime) -> Occurrence:
    """Record that the work goes on past its planned end; alarms stay mute till then.

    What is down after the planned end stays unscheduled. Gives the occurrence.

    Raises:
        UnknownWindow, WindowNotOpen: there is none that goes on, or that end does not go with it.
    """
    occurrence = occurrence_now(store, window_id, now)
    if occurrence is None or occurrence.stage(now) is Stage.PLANNED:
        raise WindowNotOpen(
            f"Window {window_id} does not go on now, so it cannot be extended; `window edit "
            f"{window_id} --minutes N` changes what is planned."
        )
    if to <= max(now, occurrence.planned_end):
        raise WindowNotOpen(
            "Extend it past its planned end and past this moment; `window end "
            f"{window_id}` records that the work is done."
        )
    if to - occurrence.planned_end > _LONGEST_EXTENSION:
        raise WindowNotOpen(
            "A window is extended by at most 24 hours past its planned end; plan a new one for "
            "what is left."
        )
    run = _put_run(store, occurrence, {"extended_to": to, "extended_by": by})
    return replace(occurrence, run=run)


def move_occurrence(store: Store, occurrence: Occurrence, wanted: Window, now: datetime) -> Window:
    """Put off (or bring forward) one occurrence; the others of its window stay. Gives its window.

    `wanted` is that window with its new start; one that repeats is skipped this time and entered
    beside it, once.

    Raises:
        WindowNotOpen: it has begun already.
        InvalidWindow: the new start is over.
    """
    if occurrence.stage(now) is not Stage.PLANNED:
        raise WindowNotOpen("Only an occurrence that has not begun can be moved; end it instead.")
    if wanted.starts_at < now.replace(second=0, microsecond=0):
        raise InvalidWindow("The new start is over already; choose a later one.")
    moved = replace(wanted, entered_at=now)
    if occurrence.window.recurrence is None:
        return edit_window(store, moved, now)
    once = add_window(store, replace(moved, recurrence=None))
    skip_occurrence(store, occurrence, wanted.entered_by, now)
    return once


def put_covered(store: Store, occurrence: Occurrence, server_ids: Sequence[int]) -> None:
    """Note for which servers an occurrence was when it began."""
    _put_run(store, occurrence, {"covered": list(server_ids)})


def put_seen(
    store: Store, occurrence: Occurrence, down_at: datetime | None, up_at: datetime | None
) -> None:
    """Note when its servers were seen to go down and to be back."""
    _put_run(store, occurrence, {"seen_down_at": down_at, "seen_up_at": up_at})


def _put_run(store: Store, occurrence: Occurrence, news: dict[str, Any]) -> Run:
    """Write some fields of a run; the others keep what anybody else wrote meanwhile."""
    window_id, planned_at = occurrence.window.id, occurrence.planned_start
    is_it = sa.and_(window_run.c.window_id == window_id, window_run.c.planned_at == planned_at)
    with store.write() as connection:
        row = connection.execute(sa.select(window_run).where(is_it)).first()
        before = (
            _run_of(row._asdict())
            if row is not None
            else Run(window_id=window_id, planned_at=planned_at)
        )
        put_rows(connection, window_run, [_run_columns(before) | news])
        bump(connection, "window")
        written = connection.execute(sa.select(window_run).where(is_it)).one()
    return _run_of(written._asdict())


def _get(connection: sa.Connection, window_id: int) -> Window:
    row = connection.execute(sa.select(table).where(table.c.id == window_id)).first()
    if row is None:
        raise UnknownWindow(f"There is no window {window_id}; `window list` shows the numbers.")
    return _window_of(row._asdict())


def _insert(connection: sa.Connection, window: Window) -> Window:
    new_id = connection.execute(
        sa.insert(table).values(**_columns(window)).returning(table.c.id)
    ).scalar_one()
    return replace(window, id=new_id)


def _cancel(connection: sa.Connection, window: Window, by: str, now: datetime) -> None:
    connection.execute(
        sa.update(table).where(table.c.id == window.id).values(cancelled_by=by, cancelled_at=now)
    )


def _refuse_closed(window: Window) -> None:
    if window.cancelled_at is not None:
        raise WindowNotOpen(
            f"Window {window.id} was cancelled by {window.cancelled_by}; add a new one."
        )


def _is_rescheduled(before: Window, after: Window) -> bool:
    """Whether more changed than its words."""
    return (
        replace(
            before,
            title=after.title,
            notice=after.notice,
            notes=after.notes,
            entered_by=after.entered_by,
            entered_at=after.entered_at,
        )
        != after
    )


def _goes_on(connection: sa.Connection, window: Window, now: datetime) -> bool:
    rows = connection.execute(sa.select(window_run).where(window_run.c.window_id == window.id))
    runs = {(run.window_id, run.planned_at): run for run in (_run_of(r._asdict()) for r in rows)}
    near = occurrences(window, now - _LATEST_END, now + timedelta(seconds=1), runs)
    return any(one.stage(now) in {Stage.RUNNING, Stage.OVERRUN} for one in near)


def _from_now_on(window: Window, now: datetime) -> Window:
    """Give the new version with its next occurrence as the first: the past is the old one's."""
    following = (
        one.planned_start
        for one in occurrences(window, now, now + timedelta(days=800))
        if one.planned_start >= now
    )
    starts_at = next(following, None)
    if starts_at is None:
        raise InvalidWindow("With these times it would not occur again; choose a later start.")
    return replace(window, starts_at=starts_at)


def _columns(window: Window) -> dict[str, Any]:
    return {
        "title": window.title,
        "servers": list(window.servers),
        "groups": list(window.groups),
        "services": list(window.services),
        "starts_at": window.starts_at,
        "minutes": window.minutes,
        "zone": window.zone,
        "recurrence": recurrence_to_json(window.recurrence),
        "wall_choice": window.wall_choice.value,
        "notice": window.notice,
        "notes": window.notes,
        "entered_by": window.entered_by,
        "entered_at": window.entered_at,
        "cancelled_by": window.cancelled_by,
        "cancelled_at": window.cancelled_at,
    }


def _window_of(row: dict[str, Any]) -> Window:
    row["servers"], row["groups"] = tuple(row["servers"]), tuple(row["groups"])
    row["services"] = tuple(row["services"])
    row["recurrence"] = recurrence_from_json(row["recurrence"])
    row["wall_choice"] = WallChoice(row["wall_choice"])
    return Window(**row)


def _run_of(row: dict[str, Any]) -> Run:
    if row["covered"] is not None:
        row["covered"] = tuple(row["covered"])
    return Run(**row)


def _run_columns(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in (column.name for column in window_run.columns)} | {
        "covered": None if run.covered is None else list(run.covered)
    }
