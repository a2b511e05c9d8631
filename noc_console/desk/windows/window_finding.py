"""Finds the occurrence of a window that somebody means. Reads the store, blocks."""

from datetime import datetime, timedelta

from noc_console.incidents.windows.window_records import get_window, list_occurrences
from noc_console.store.store import Store

_AROUND = timedelta(days=400)


def nearest_start(store: Store, window_id: int, near: datetime) -> datetime:
    """Give the start of a window's occurrence that begins nearest to a moment.

    Raises:
        UnknownWindow: there is none of that number.
    """
    window = get_window(store, window_id)
    if window.recurrence is None:
        return window.starts_at
    starts = [
        one.planned_start
        for one in list_occurrences(store, near - _AROUND, near + _AROUND)
        if one.window.id == window_id
    ]
    return min(starts, key=lambda at: abs(at - near), default=window.starts_at)
