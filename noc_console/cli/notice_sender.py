"""Sends what is due from the command line, where no engine does."""

import time
from datetime import UTC, datetime, timedelta

from noc_console.engine.notice_work import NoticeWork
from noc_console.notices.posting_records import next_time
from noc_console.notices.sending_settings import paused_channels, sending_is_paused
from noc_console.store.heartbeat import living_engine
from noc_console.store.store import Store

SOON = timedelta(seconds=30)
"""What is due within this is waited for: the turns of social channels and mail."""
_LOOK_S = 0.2


def send_due(store: Store, *, within: timedelta) -> bool:
    """Send all that is due, for so long at most; tell whether all was taken up in that time.

    Leases keep an engine that runs and this from sending the same.
    """
    if sending_is_paused(store):
        return True
    paused = paused_channels(store)
    work = NoticeWork(store)
    ends_s = time.monotonic() + within.total_seconds()
    try:
        work.look()
        while time.monotonic() < ends_s:
            time.sleep(_LOOK_S)
            if not work.is_idle:
                continue
            upcoming = next_time(store, besides=paused)
            if upcoming is None or upcoming > datetime.now(UTC) + SOON:
                return True
            work.turn()
        return False
    finally:
        work.close()


def send_if_nobody_does(store: Store, *, within: timedelta) -> bool:
    """Send what is due if no engine lives; tell whether it was sent here."""
    if living_engine(store, datetime.now(UTC)) is not None:
        return False
    send_due(store, within=within)
    return True
